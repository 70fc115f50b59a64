/// Text without its case, as Unicode's full case folding leaves it: two texts differ in nothing but case exactly when
/// they are equal folded.
enum CaseFolding {
    static func fold(_ text: some Collection<UInt8>) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text.map(lowered) }
        var folded: [UInt8] = []
        folded.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                folded.append(lowered(UInt8(truncatingIfNeeded: scalar.value)))
            } else if scalar == dotlessI {
                folded.append(contentsOf: String(scalar).utf8)
            } else {
                folded.append(contentsOf: fold(scalar).utf8)
            }
        }
        return folded
    }

    /// `ı` is no `i`, although both have `I` for their capital.
    private static let dotlessI: Unicode.Scalar = "\u{131}"

    /// The small letters of the capitals of the small letters: `ẞ` → `ß` → `SS` → `ss`, `ς` → `Σ` → `σ`.
    private static func fold(_ scalar: Unicode.Scalar) -> String {
        var folded = ""
        for small in scalar.properties.lowercaseMapping.unicodeScalars {
            for capital in small.properties.uppercaseMapping.unicodeScalars {
                folded += capital.properties.lowercaseMapping
            }
        }
        return folded
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
