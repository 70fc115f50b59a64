/// Collects the header lines of an answer; those of interim answers (1xx) and trailers are counted, not kept.
struct ResponseHead {
    static let limit = 64 * 1024

    private var bytes: [UInt8] = []
    private var total = 0
    /// Whether the empty line after the last head begun has come.
    private(set) var isComplete = false

    /// Forgets everything but its memory.
    mutating func reset() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4096)
        total = 0
        isComplete = false
    }

    /// Whether the final head began.
    var isEmpty: Bool { bytes.isEmpty }

    /// Adds a line with its end. False when all lines together are over the limit.
    mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
        total += line.count
        guard total <= Self.limit else { return false }
        if isComplete {
            guard line.starts(with: "HTTP/".utf8) else { return true }  // a trailer
            bytes.removeAll(keepingCapacity: true)
            isComplete = false
        }
        if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            isComplete = true
        } else {
            bytes.append(contentsOf: line)
        }
        return true
    }

    /// The fields below the status line. A line without a colon is left out; a folded one (RFC 9112 § 5.2) continues
    /// the value before it.
    func fields() -> [(name: String, value: [UInt8])] {
        var fields: [(name: String, value: [UInt8])] = []
        var lines = bytes[...]
        fields.reserveCapacity(8)
        _ = Self.popLine(&lines)
        while let line = Self.popLine(&lines) {
            if let first = line.first, Self.isBlank(first) {
                guard !fields.isEmpty else { continue }
                fields[fields.count - 1].value += [0x20] + Self.trimmed(line)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex {
                fields.append((Self.lowercased(line[..<colon]), Array(Self.trimmed(line[(colon + 1)...]))))
            }
        }
        return fields
    }

    /// ASCII alone is folded; what is no UTF-8 is repaired.
    private static func lowercased(_ name: ArraySlice<UInt8>) -> String {
        String(unsafeUninitializedCapacity: name.count) { text in
            for (index, byte) in name.enumerated() {
                let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                text.initializeElement(at: index, to: isUpper ? byte | 0x20 : byte)
            }
            return name.count
        }
    }

    private static func popLine(_ lines: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !lines.isEmpty else { return nil }
        let end = lines.firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex
        defer { lines = lines[min(end + 1, lines.endIndex)...] }
        return lines[..<end]
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "\r") }
}
