/// A name and its value in one call.
extension JSONWriter {
    /// Nil writes `null`.
    public mutating func member(_ name: String, _ value: String?) {
        self.name(name)
        string(value)
    }

    /// Decimal digits.
    public mutating func member(_ name: String, _ value: some BinaryInteger) {
        self.name(name)
        integer(value)
    }

    /// As ``double(_:)`` writes it.
    public mutating func member(_ name: String, _ value: Double) {
        self.name(name)
        double(value)
    }

    /// `true` or `false`.
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// JSON text already, byte for byte.
    public mutating func member(_ name: String, raw value: some Collection<UInt8>) {
        self.name(name)
        raw(value)
    }
}

extension [UInt8] {
    /// Appends the inside of a JSON string: quote, backslash and control characters escaped, all else as it is.
    public mutating func appendJSONEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var run = 0
            for (position, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                append(contentsOf: bytes[run..<position])
                run = position + 1
                appendEscaped(byte)
            }
            append(contentsOf: bytes[run...])
        }
    }

    /// Appends the escape of a quote, a backslash or a control character, in its short form where it has one.
    mutating func appendEscaped(_ byte: UInt8) {
        let letter: UInt8? =
            switch byte {
            case 0x22, 0x5C: byte
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        guard let letter else { return appendEscape(of: UInt16(byte), to: &self) }
        append(UInt8(ascii: "\\"))
        append(letter)
    }
}
