import TestSupport

/// Makes inputs out of seeds: bytes changed, taken, added, doubled, and parts of other seeds and of a dictionary mixed
/// in. The same number gives the same inputs.
struct Mutator {
    private var random: SeededRandom
    private let seeds: [[UInt8]]
    private let dictionary: [[UInt8]]
    static let longest = 4096

    init(seeds: [[UInt8]], dictionary: [String], number: UInt64) {
        random = SeededRandom(seed: number)
        self.seeds = seeds
        self.dictionary = (dictionary + Self.common).map { Array($0.utf8) }
    }

    private static let common = [
        "\0", "\r\n", "\u{FEFF}", "\u{1F600}", "\\u0000", "\\ud800", "%00", "%", "//", "\"", "\\", "-0", "1e999",
        "99999999999999999999",
        "-9223372036854775808", "0x", "::", "..", "[", "]", "{", "}", ",", ":", " ", "\t", "null", "true", "é",
    ]

    mutating func next() -> [UInt8] {
        var bytes = seeds[below(seeds.count)]
        for _ in 0...below(6) { mutate(&bytes) }
        if bytes.count > Self.longest { bytes.removeLast(bytes.count - Self.longest) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        switch below(8) {
        case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(below(8)) }
        case 1: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
        case 4: bytes.insert(contentsOf: dictionary[below(dictionary.count)], at: place)
        case 5:
            let end = min(bytes.count, place + 1 + below(32))
            let part = Array(bytes[place..<end])
            for _ in 0...below(4) { bytes.insert(contentsOf: part, at: place) }
        case 6:
            let other = seeds[below(seeds.count)]
            bytes.replaceSubrange(place..., with: other.dropFirst(below(other.count + 1)))
        default: if place < bytes.count { bytes.swapAt(place, below(bytes.count)) }
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
}
