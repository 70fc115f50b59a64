/// What the systems that a trace went through say of it, each in an entry of its own: the field `tracestate`. Martlet
/// reads none of it and sends it on.
///
/// Source: www.w3.org/TR/trace-context-1, § 3.3.
public struct Tracestate: Hashable, Sendable {
    /// Bytes that are passed on; the standard asks for no fewer.
    static let limit = 512
    /// Entries of a list.
    static let countLimit = 32
    /// Longer entries are the first to go where a list is too long.
    static let shortEntry = 128

    /// The entries in their order, with a comma between them.
    public let text: String

    /// Nil for a list that is malformed or empty: of such a one nothing is sent on.
    ///
    /// - Parameter text: of several fields, all of them with commas between.
    public init?(_ text: String) {
        guard text.utf8.count <= 16 * Self.limit else { return nil }
        var entries: [Substring] = []
        var keys: Set<Substring> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: true) {
            // Blanks before an entry are none of it; behind it too, since a value does not end with one.
            let entry = part.trimming(while: { $0 == " " || $0 == "\t" })
            if entry.isEmpty { continue }
            let sides = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, Self.isKey(sides[0]), Self.isValue(sides[1]), keys.insert(sides[0]).inserted else {
                return nil
            }
            entries.append(entry)
        }
        guard entries.count <= Self.countLimit else { return nil }
        var length = entries.reduce(-1) { $0 + $1.utf8.count + 1 }
        while length > Self.limit, !entries.isEmpty {
            let index = entries.lastIndex { $0.utf8.count > Self.shortEntry } ?? entries.count - 1
            length -= entries.remove(at: index).utf8.count + 1
        }
        guard !entries.isEmpty else { return nil }
        self.text = entries.joined(separator: ",")
    }

    /// A name, or a tenant's name at a system's: small letters, digits and `_-*/`.
    private static func isKey(_ text: Substring) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isName(parts[0], upTo: 256, mayBeginWithDigit: false)
        case 2:
            return isName(parts[0], upTo: 241, mayBeginWithDigit: true)
                && isName(parts[1], upTo: 14, mayBeginWithDigit: false)
        default: return false
        }
    }

    private static func isName(_ text: Substring.UTF8View, upTo length: Int, mayBeginWithDigit: Bool) -> Bool {
        guard let first = text.first, text.count <= length else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard letters.contains(first) || mayBeginWithDigit && digits.contains(first) else { return false }
        return text.allSatisfy { letters.contains($0) || digits.contains($0) || "_-*/".utf8.contains($0) }
    }

    /// 1 to 256 visible characters and blanks, none of them `,` or `=`.
    private static func isValue(_ text: Substring) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    }
}

extension Substring {
    fileprivate func trimming(while condition: (Character) -> Bool) -> Substring {
        var rest = drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
