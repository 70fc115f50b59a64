internal import Postgres

extension RowReader {
    /// A payload column that is never null.
    func payload(_ index: Int) throws(PostgresError) -> [UInt8] {
        let stored: [UInt8] = try column(index)
        do { return try StoredPayload.decode(stored) } catch { throw .decoding("column \(index): \(error)") }
    }

    /// A payload column that may be null.
    func optionalPayload(_ index: Int) throws(PostgresError) -> [UInt8]? {
        guard let stored: [UInt8] = try optional(index) else { return nil }
        do { return try StoredPayload.decode(stored) } catch { throw .decoding("column \(index): \(error)") }
    }
}

extension String {
    /// Text for a `text` column: without NUL, at most `limit` bytes, cut between characters.
    func storable(limit: Int) -> String {
        if utf8.count <= limit, !utf8.contains(0) { return self }
        var text = ""
        var room = limit
        for scalar in unicodeScalars {
            let kept = scalar == "\0" ? "\u{FFFD}" : scalar
            room -= UTF8.width(kept)
            guard room >= 0 else { break }
            text.unicodeScalars.append(kept)
        }
        return text
    }
}
