/// What a receiver of a GET makes of its URL: the query text that was appended, which dialect `standard` signs.
public enum AppendedQuery {
    /// - Parameters:
    ///   - target: path and query of the request as it came.
    ///   - url: the webhook's; nil: it has no query of its own.
    public static func text(of target: String, beyond url: String?) -> [UInt8] {
        let query = Self.query(of: target), own = url.map(Self.query) ?? [][...]
        guard !own.isEmpty, query.starts(with: own) else { return Array(query) }
        let rest = query.dropFirst(own.count)
        return Array(rest.first == UInt8(ascii: "&") ? rest.dropFirst() : rest)
    }

    private static func query(of text: String) -> ArraySlice<UInt8> {
        let bytes = Array(text.utf8)
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return bytes[(mark + 1)...]
    }
}
