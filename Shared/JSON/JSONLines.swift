/// The lines of newline-delimited JSON (`application/x-ndjson`): ended by LF or CRLF, blank ones left out.
///
/// A slice keeps its indices, so `line.startIndex` is its offset in the whole body. Whether a line is JSON is for the
/// parser to say.
public struct JSONLines: Sequence, Sendable {
    private let bytes: [UInt8]

    /// - Parameter bytes: the whole body.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Begins at the first line.
    public func makeIterator() -> Iterator { Iterator(rest: bytes[...]) }

    /// Finds one line after the other; nothing is copied.
    public struct Iterator: IteratorProtocol {
        var rest: ArraySlice<UInt8>

        /// The next line that is not blank, without its end; nil after the last one.
        public mutating func next() -> ArraySlice<UInt8>? {
            while !rest.isEmpty {
                let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
                var line = rest[rest.startIndex..<end]
                rest = rest[Swift.min(end + 1, rest.endIndex)...]
                if line.last == 0x0D { line.removeLast() }
                if !line.allSatisfy(isJSONWhitespace) { return line }
            }
            return nil
        }
    }
}
