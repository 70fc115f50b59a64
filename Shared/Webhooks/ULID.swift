/// A 128-bit id that sorts by the time of its making: 48 bits of milliseconds since 1970, 80 random bits.
///
/// As text it is 26 characters of Crockford's base 32 (github.com/ulid/spec); in PostgreSQL it is a `uuid`.
public struct ULID: Hashable, Comparable, Sendable {
    public let value: UInt128

    public init(_ value: UInt128) { self.value = value }

    /// - Parameter milliseconds: since 1970; the lower 48 bits count. `random`: its lower 80 bits count.
    public init(milliseconds: UInt64, random: UInt128) {
        value = UInt128(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random & Self.randomMask
    }

    static let randomMask: UInt128 = (1 << 80) - 1

    /// When it was made, in milliseconds since 1970.
    public var milliseconds: UInt64 { UInt64(value >> 80) }

    public static func < (one: ULID, other: ULID) -> Bool { one.value < other.value }
}

extension ULID: LosslessStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 0xFF, count: 256)
        for (digit, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(digit) }
        return digits
    }()

    /// 26 characters, the first of `0`…`7`.
    public var description: String {
        String(unsafeUninitializedCapacity: 26) { text in
            var rest = value
            for index in stride(from: 25, through: 0, by: -1) {
                text[index] = Self.alphabet[Int(truncatingIfNeeded: rest & 31)]
                rest >>= 5
            }
            return 26
        }
    }

    /// Nil unless `text` is 26 upper-case characters of the alphabet, the first at most `7`.
    public init?(_ text: String) { self.init(utf8: text.utf8) }

    init?(utf8 text: some Collection<UInt8>) {
        guard text.count == 26, let first = text.first, Self.digits[Int(first)] < 8 else { return nil }
        var value: UInt128 = 0
        for character in text {
            let digit = Self.digits[Int(character)]
            guard digit != 0xFF else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.init(value)
    }
}
