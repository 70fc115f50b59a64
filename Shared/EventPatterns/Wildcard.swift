/// A text in which `*` stands for any characters, none included. `\*` is an asterisk and `\\` a backslash.
struct Wildcard: Sendable {
    /// What stands between the asterisks. Those between two asterisks are found one after the other, each at its first
    /// place: nothing is ever tried twice, so a text costs as many steps as it has bytes.
    private let first: [UInt8]
    private let inner: [Needle]
    /// Nil: there is no asterisk.
    private let last: [UInt8]?

    enum Fault: Error, Hashable {
        /// Two asterisks side by side.
        case doubled
        /// A backslash before anything but `*` and `\`.
        case escape
    }

    init(_ text: some Sequence<UInt8>) throws(Fault) {
        var parts: [[UInt8]] = [[]]
        var isEscaped = false
        var wasStar = false
        for byte in text {
            if isEscaped {
                guard byte == UInt8(ascii: "*") || byte == UInt8(ascii: "\\") else { throw .escape }
                parts[parts.count - 1].append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "*") {
                guard !wasStar else { throw .doubled }
                parts.append([])
                wasStar = true
                continue
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                parts[parts.count - 1].append(byte)
            }
            wasStar = false
        }
        guard !isEscaped else { throw .escape }
        first = parts[0]
        last = parts.count > 1 ? parts[parts.count - 1] : nil
        inner = parts.dropFirst().dropLast().map(Needle.init)
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let last else { return text.elementsEqual(first) }
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        var position = first.count
        let end = text.count - last.count
        for needle in inner {
            guard let found = needle.end(in: text, from: position, to: end) else { return false }
            position = found
        }
        return true
    }
}

/// Bytes to look for, after Knuth, Morris and Pratt.
private struct Needle: Sendable {
    private let bytes: [UInt8]
    /// For each byte: how many at the start are also those that end here.
    private let borders: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for index in bytes.indices.dropFirst() {
            while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            borders[index] = length
        }
        self.borders = borders
    }

    /// The place behind its first occurrence within `start..<end`.
    func end(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
        var length = 0
        if bytes.isEmpty { return start }
        for index in start..<end {
            while length > 0, text[index] != bytes[length] { length = borders[length - 1] }
            if text[index] == bytes[length] { length += 1 }
            if length == bytes.count { return index + 1 }
        }
        return nil
    }
}
