/// Builds the framing of recorded messages: numbers as LEB128, texts and bytes behind their length.
struct FrameWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(_ part: some Collection<UInt8>) {
        append(part.count)
        bytes.append(contentsOf: part)
    }
}

/// Reads it back: nil once anything is not as it was written.
struct FrameReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> Int? {
        var value: UInt = 0
        for shift in stride(from: UInt(0), to: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt(byte & 0x7F) << shift
            if byte < 0x80 { return Int(bitPattern: value) }
        }
        return nil
    }

    mutating func part() -> [UInt8]? {
        guard let count = number(), count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// Text of ours, or of a stranger: what is no UTF-8 is shown as U+FFFD.
    mutating func text() -> String? { part().map { String(decoding: $0, as: UTF8.self) } }
}
