/// Why bytes are no JSON text, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The fault itself.
    public enum Reason: Hashable, Sendable {
        /// The text stops inside a value, or there is none at all.
        case unexpectedEnd
        /// A byte that cannot stand where it stands.
        case unexpectedByte(UInt8)
        /// A second value, or anything but whitespace, after the first.
        case trailingBytes
        /// `01`, `1.`, `.5`, `+1`, `1e`.
        case malformedNumber
        /// A backslash that starts no escape.
        case malformedEscape
        /// A byte below 0x20 inside a string.
        case controlCharacter(UInt8)
        /// Overlong, cut, surrogate or beyond U+10FFFF.
        case malformedUTF8
        /// More containers inside one another than allowed.
        case tooDeep(limit: Int)
        /// 4 GiB or more.
        case tooLong
    }

    /// Bytes before the fault, from the start of what was parsed.
    public let offset: Int
    /// What is wrong there.
    public let reason: Reason

    /// - Parameter offset: bytes before the fault.
    public init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// For a person, without the offset.
    public var explanation: String {
        switch reason {
        case .unexpectedEnd: "the text ends too early"
        case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte))"
        case .trailingBytes: "something follows the value"
        case .malformedNumber: "malformed number"
        case .malformedEscape: "malformed escape in a string"
        case .controlCharacter(let byte): "unescaped control character \(Self.name(of: byte)) in a string"
        case .malformedUTF8: "malformed UTF-8"
        case .tooDeep(let limit): "more than \(limit) levels of nesting"
        case .tooLong: "the text is too long"
        }
    }

    /// The explanation and the offset.
    public var description: String { "\(explanation) at byte \(offset)" }

    private static func name(of byte: UInt8) -> String {
        if (0x21..<0x7F).contains(byte) { return "'\(Character(Unicode.Scalar(byte)))'" }
        let hex = String(byte, radix: 16, uppercase: true)
        return "byte 0x" + (hex.count == 1 ? "0" : "") + hex
    }
}
