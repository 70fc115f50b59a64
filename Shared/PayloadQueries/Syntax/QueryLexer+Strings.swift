extension QueryLexer {
    /// `"…"` or `"""…"""`, decoded.
    mutating func readString() throws(QueryFault) -> String {
        let start = position
        if startsWithThreeQuotes(start) { return try readBlockString() }
        position += 1
        var decoded: [UInt8] = []
        while let next = byte(position), !Self.endsLine(next) {
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                let scalar = try readEscape()
                UTF8.encode(scalar)?.forEach { decoded.append($0) }
            default:
                decoded.append(next)
                position += 1
            }
        }
        throw QueryFault(offset: start, message: "A string does not end on its line.")
    }

    /// One escape from its backslash on. Two surrogates stand for one scalar; one alone is refused.
    private mutating func readEscape() throws(QueryFault) -> Unicode.Scalar {
        let start = position
        let fault = QueryFault(offset: start, message: "An escape in a string is malformed.")
        position += 2
        switch byte(start + 1) {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            if byte(position) == UInt8(ascii: "{") { return try readBracedEscape(or: fault) }
            guard let first = codeUnit() else { throw fault }
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xDC00, byte(position) == UInt8(ascii: "\\"), byte(position + 1) == UInt8(ascii: "u") else {
                throw fault
            }
            position += 2
            guard let second = codeUnit(), (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            else { throw fault }
            return scalar
        default: throw fault
        }
    }

    /// `{1F600}`, as later editions of the specification have it.
    private mutating func readBracedEscape(or fault: QueryFault) throws(QueryFault) -> Unicode.Scalar {
        position += 1
        var number: UInt32 = 0
        var digits = 0
        while let digit = byte(position).flatMap(hexadecimalDigit) {
            digits += 1
            number = min(number << 4 | digit, 0x110000)
            position += 1
        }
        guard digits > 0, byte(position) == UInt8(ascii: "}"), let scalar = Unicode.Scalar(number) else { throw fault }
        position += 1
        return scalar
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit() -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = byte(position).flatMap(hexadecimalDigit) else { return nil }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private func startsWithThreeQuotes(_ index: Int) -> Bool {
        (index..<index + 3).allSatisfy { byte($0) == UInt8(ascii: "\"") }
    }

    // MARK: Block strings

    private mutating func readBlockString() throws(QueryFault) -> String {
        let start = position
        position += 3
        var lines: [[UInt8]] = [[]]
        while let next = byte(position) {
            switch next {
            case UInt8(ascii: "\"") where startsWithThreeQuotes(position):
                position += 3
                return Self.dedented(lines)
            case UInt8(ascii: "\\") where startsWithThreeQuotes(position + 1):
                lines[lines.count - 1] += [UInt8](repeating: UInt8(ascii: "\""), count: 3)
                position += 4
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                let isPair = next == UInt8(ascii: "\r") && byte(position + 1) == UInt8(ascii: "\n")
                position += isPair ? 2 : 1
                lines.append([])
            default:
                lines[lines.count - 1].append(next)
                position += 1
            }
        }
        throw QueryFault(offset: start, message: "A block string does not end.")
    }

    /// BlockStringValue(): without the indentation that all lines but the first share, and without blank lines at
    /// either end.
    private static func dedented(_ lines: [[UInt8]]) -> String {
        let indents = lines.map { line in line.prefix { $0 == 0x20 || $0 == 0x09 }.count }
        let filled = lines.indices.filter { indents[$0] < lines[$0].count }
        guard let first = filled.first, let last = filled.last else { return "" }
        let common = filled.filter { $0 > 0 }.map { indents[$0] }.min() ?? 0
        let kept = (first...last).map { $0 == 0 ? lines[$0][...] : lines[$0].dropFirst(common) }
        return String(decoding: Array(kept.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }
}

/// The value of `0`–`9`, `a`–`f`, `A`–`F`.
private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
