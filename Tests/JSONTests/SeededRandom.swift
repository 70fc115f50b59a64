/// SplitMix64, and random JSON made of it: the same seed, the same text.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    /// Whether texts get whitespace between tokens, and their objects' members in reverse.
    var isLoose = false

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// Changes, adds or takes one byte.
    mutating func mutate(_ bytes: inout [UInt8]) {
        let byte = UInt8(truncatingIfNeeded: next())
        let place = below(bytes.count + 1)
        switch below(4) {
        case 0: bytes.insert(byte, at: place)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count: bytes[place] ^= 1 << (byte & 7)
        case _ where place < bytes.count: bytes[place] = Array(#"{}[],:"\"#.utf8)[below(8)]
        default: bytes.append(byte)
        }
    }

    /// A JSON text with no repeated names, nested at most `depth` deep.
    mutating func json(depth: Int) -> [UInt8] {
        let scalars = [
            "null", "true", "false", "0", "-1", "1.50", "2e3", "1E-7", "\"\"", "\"Bård\"", #""\ud83d\ude00\n""#,
            #""\u0000""#, #""\ud800 \" \\""#, "12345678901234567890",
        ]
        let kind = depth > 0 ? below(4) : 2 + below(2)
        switch kind {
        case 0: return list(brackets: "[]", (0..<below(4)).map { _ in json(depth: depth - 1) })
        case 1:
            let members = (0..<below(4)).map { place in
                Array("\"m\(place)\"".utf8) + gap + Array(":".utf8) + gap + json(depth: depth - 1)
            }
            return list(brackets: "{}", isLoose ? members.reversed() : members)
        default: return Array(scalars[below(scalars.count)].utf8)
        }
    }

    private var gap: [UInt8] { isLoose ? Array(" \n".utf8) : [] }

    private func list(brackets: String, _ items: [[UInt8]]) -> [UInt8] {
        let comma = gap + Array(",".utf8) + gap
        let ends = Array(brackets.utf8)
        return [ends[0]] + gap + Array(items.joined(separator: comma)) + gap + [ends[1]]
    }
}
