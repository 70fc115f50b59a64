extension JSONParser {
    /// A string from its opening quote on, appended to the tape.
    mutating func parseString() throws(JSONError) {
        let start = position
        var flags: UInt32 = 0
        position += 1
        while true {
            skipPlainCharacters()
            guard position < end else { throw failure(.unexpectedEnd) }
            let byte = base[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                nodes.append(JSONNode(offset: UInt32(start), length: UInt32(position - start), extra: flags))
                return
            case UInt8(ascii: "\\"):
                flags |= JSONNode.escaped
                if try parseEscape() {
                    flags |= JSONNode.holdsNUL
                    containsNUL = true
                }
            case 0x80...: try parseMultibyteCharacter()
            case ..<0x20: throw failure(.controlCharacter(byte))
            default: position += 1
            }
        }
    }

    /// Goes on to the next byte that is a quote, a backslash, a control character or not ASCII: eight bytes a step. A
    /// borrow may mark a byte too many, but only behind the first marked one.
    private mutating func skipPlainCharacters() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while position + 8 <= end {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let special =
                ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | word
            let marks = special & (ones &* 0x80)
            guard marks == 0 else {
                position += marks.trailingZeroBitCount >> 3
                return
            }
            position += 8
        }
    }

    /// One escape from its backslash on.
    ///
    /// - Returns: whether it is U+0000.
    private mutating func parseEscape() throws(JSONError) -> Bool {
        guard position + 1 < end else { throw JSONError(offset: end, reason: .unexpectedEnd) }
        switch base[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
            return false
        case UInt8(ascii: "u"):
            guard position + 6 <= end else { throw JSONError(offset: end, reason: .unexpectedEnd) }
            var unit: UInt16 = 0
            for index in position + 2..<position + 6 {
                guard let digit = hexadecimalDigit(base[index]) else { throw failure(.malformedEscape) }
                unit = unit << 4 | UInt16(digit)
            }
            position += 6
            return unit == 0
        default: throw failure(.malformedEscape)
        }
    }

    /// One character of two to four bytes (RFC 3629 § 4).
    private mutating func parseMultibyteCharacter() throws(JSONError) {
        let first = base[position]
        var second: ClosedRange<UInt8> = 0x80...0xBF
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { second = 0xA0...0xBF } else if first == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { second = 0x90...0xBF } else if first == 0xF4 { second = 0x80...0x8F }
        default: throw failure(.malformedUTF8)
        }
        guard position + length <= end, second.contains(base[position + 1]) else { throw failure(.malformedUTF8) }
        for index in position + 2..<max(position + length, position + 2) where base[index] & 0xC0 != 0x80 {
            throw failure(.malformedUTF8)
        }
        position += length
    }

    /// A number, appended to the tape.
    mutating func parseNumber() throws(JSONError) {
        let start = position
        var flags = JSONNode.plain
        if base[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, base[position] == UInt8(ascii: "0") {
            position += 1
            if position < end, isDigit(base[position]) { throw failure(.malformedNumber) }
        } else {
            try parseDigits()
        }
        if position < end, base[position] == UInt8(ascii: ".") {
            flags = 0
            position += 1
            try parseDigits()
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            flags = 0
            position += 1
            if position < end, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
                position += 1
            }
            try parseDigits()
        }
        nodes.append(JSONNode(offset: UInt32(start), length: UInt32(position - start), extra: flags))
    }

    /// At least one digit.
    private mutating func parseDigits() throws(JSONError) {
        guard position < end else { throw failure(.unexpectedEnd) }
        guard isDigit(base[position]) else { throw failure(.malformedNumber) }
        while position < end, isDigit(base[position]) { position += 1 }
    }

    /// `true`, `false` or `null`, whose first letter is known to stand here.
    mutating func parseLiteral(_ literal: StaticString) throws(JSONError) {
        let start = position
        for index in 0..<literal.utf8CodeUnitCount {
            guard position < end else { throw failure(.unexpectedEnd) }
            guard base[position] == literal.utf8Start[index] else { throw failure(.unexpectedByte(base[position])) }
            position += 1
        }
        nodes.append(JSONNode(offset: UInt32(start), length: UInt32(position - start), extra: 0))
    }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

/// 0–15, nil for what is no digit of base 16.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
