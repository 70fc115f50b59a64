extension JSONValue {
    /// The decoded text; nil unless it is a string. A surrogate without its partner becomes U+FFFD.
    public var string: String? {
        guard kind == .string else { return nil }
        let node = node
        let content = Int(node.offset) + 1..<Int(node.offset) + Int(node.length) - 1
        return storage.bytes.withUnsafeBufferPointer { bytes in
            let text = UnsafeBufferPointer(rebasing: bytes[content])
            guard node.extra & JSONNode.escaped != 0 else { return String(decoding: text, as: UTF8.self) }
            var decoded: [UInt8] = []
            decoded.reserveCapacity(text.count)
            decodeEscapes(of: text, into: &decoded, each: { Unicode.Scalar($0) ?? "\u{FFFD}" })
            return String(decoding: decoded, as: UTF8.self)
        }
    }
}

extension JSONValue {
    /// Hands the UTF-8 bytes of ``string`` over, uncopied where the text has no escapes; nil unless it is a string.
    public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard kind == .string else { return nil }
        guard node.extra & JSONNode.escaped == 0 else {
            var text = string ?? ""
            return text.withUTF8(body)
        }
        let content = range.dropFirst().dropLast()
        return storage.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[content])) }
    }
}

/// Decodes the inside of a JSON string that the parser accepted.
///
/// - Parameter each: the character that stands for the number of an escape; nil: the caller wants the escape itself, as
///   `escaping` writes it. It sees pairs of surrogates as one number, and those without a partner as they are.
/// - Parameter escaping: writes an escape; `\uXXXX` in lower case unless given.
func decodeEscapes(
    of text: UnsafeBufferPointer<UInt8>, into decoded: inout [UInt8], each: (UInt32) -> Unicode.Scalar?,
    escaping: (UInt16, inout [UInt8]) -> Void = appendEscape
) {
    var run = 0
    var position = 0
    while position < text.count {
        guard text[position] == UInt8(ascii: "\\"), position + 1 < text.count else {
            position += 1
            continue
        }
        decoded.append(contentsOf: text[run..<position])
        let number: UInt32
        (number, position) = escapedNumber(in: text, at: position)
        if let scalar = each(number) {
            UTF8.encode(scalar)?.forEach { decoded.append($0) }
        } else {
            escaping(UInt16(truncatingIfNeeded: number), &decoded)
        }
        run = position
    }
    decoded.append(contentsOf: text[run...])
}

/// The number of the escape at `position`, and the position after it.
private func escapedNumber(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt32, Int) {
    let letter = text[position + 1]
    guard letter == UInt8(ascii: "u") else {
        let number: UInt8 =
            switch letter {
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: letter
            }
        return (UInt32(number), position + 2)
    }
    let first = codeUnit(in: text, at: position) ?? 0xFFFD
    guard 0xD800..<0xDC00 ~= first, let second = codeUnit(in: text, at: position + 6), 0xDC00..<0xE000 ~= second else {
        return (first, position + 6)
    }
    return (0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), position + 12)
}

/// The four digits of a `\uXXXX` that begins at `position`; nil where there is none.
private func codeUnit(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32? {
    guard position + 6 <= text.count, text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
    else { return nil }
    return text[position + 2..<position + 6].reduce(0) { $0 << 4 | UInt32(hexadecimalDigit($1) ?? 0) }
}

/// Appends `\uXXXX` in lower case.
func appendEscape(of unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: "u"))
    for shift in [12, 8, 4, 0] {
        let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xF
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}
