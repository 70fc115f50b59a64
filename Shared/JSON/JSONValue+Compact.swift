extension JSONValue {
    /// Its text without whitespace between tokens; everything else as it came, to the byte.
    public var compactBytes: [UInt8] {
        var bytes: [UInt8] = []
        compact(into: &bytes)
        return bytes
    }

    /// Appends ``compactBytes``.
    public func compact(into output: inout [UInt8]) {
        let range = range
        guard storage.hasWhitespace else { return output.append(contentsOf: storage.bytes[range]) }
        output.reserveCapacity(output.count + range.count)
        storage.bytes.withUnsafeBufferPointer { bytes in
            var run = range.lowerBound
            var position = run
            while position < range.upperBound {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\"") {
                    position = endOfString(in: bytes, from: position)
                } else if isJSONWhitespace(byte) {
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<position]))
                    position += 1
                    run = position
                } else {
                    position += 1
                }
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<range.upperBound]))
        }
    }

    /// The position after the string that opens at `start`.
    private func endOfString(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start + 1
        while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
        return position + 1
    }
}
