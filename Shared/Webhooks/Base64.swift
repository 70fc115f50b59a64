/// Base 64 with the standard alphabet (RFC 4648 § 4).
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 0xFF, count: 256)
        for (digit, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(digit) }
        return digits
    }()

    /// With padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        let length = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: length) { text in
            var place = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let count = min(3, bytes.count - start)
                var group = UInt32(bytes[start]) << 16
                if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
                if count > 2 { group |= UInt32(bytes[start + 2]) }
                for digit in 0..<4 {
                    text[place + digit] =
                        digit <= count
                        ? alphabet[Int(group >> UInt32(18 - 6 * digit)) & 63] : UInt8(ascii: "=")
                }
                place += 4
            }
            return length
        }
    }

    /// Nil for anything outside the alphabet, and for a length that no bytes have. The padding may be missing, whole or
    /// in part; bits that no byte takes must be zero.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var digits = Array(text.utf8)
        let padded = digits.count
        while digits.last == UInt8(ascii: "="), padded - digits.count < 2 { digits.removeLast() }
        guard digits.count % 4 != 1, padded == digits.count || padded <= (digits.count + 3) / 4 * 4 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        for character in digits {
            let digit = Self.digits[Int(character)]
            guard digit != 0xFF else { return nil }
            buffer = buffer << 6 | UInt32(digit)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            buffer &= (1 << UInt32(bits)) - 1
        }
        return buffer == 0 ? bytes : nil
    }
}
