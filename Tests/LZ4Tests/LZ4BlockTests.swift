import LZ4
import Testing

@Suite struct LZ4BlockTests {
    static let texts: [[UInt8]] = [
        Array(repeating: 97, count: 1000),
        Array((0..<50).flatMap { Array("{\"sku\":\"A\($0)\",\"price\":10.1125},".utf8) }),
        Array(repeating: 0, count: 300_000),
    ]

    @Test("A block gives back what went in", arguments: texts)
    func roundTrip(original: [UInt8]) throws {
        let block = try #require(original.withUnsafeBytes { LZ4Block.compress($0, smallerThan: original.count) })
        #expect(block.count < original.count)
        #expect(block.withUnsafeBytes { LZ4Block.decompress($0, size: original.count) } == original)
    }

    @Test("A block gives back what went in with its dictionary", arguments: texts)
    func dictionary(original: [UInt8]) throws {
        let words = Array(original.suffix(70_000).shuffled().prefix(20)) + original.prefix(66_000)
        let block = try #require(
            original.withUnsafeBytes { LZ4Block.compress($0, with: words, smallerThan: original.count) })
        #expect(block.withUnsafeBytes { LZ4Block.decompress($0, with: words, size: original.count) } == original)
        for index in block.indices {
            var damaged = block
            damaged[index] ^= 0x55
            let result = damaged.withUnsafeBytes { LZ4Block.decompress($0, with: words, size: original.count) }
            #expect(result == nil || result?.count == original.count)
        }
    }

    @Test("What would not be smaller is no block")
    func incompressible() {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<200).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        #expect(noise.withUnsafeBytes { LZ4Block.compress($0, smallerThan: noise.count) } == nil)
        #expect([UInt8]().withUnsafeBytes { LZ4Block.compress($0, smallerThan: 0) } == nil)
        #expect([UInt8](repeating: 1, count: 9).withUnsafeBytes { LZ4Block.compress($0, smallerThan: 1) } == nil)
    }

    @Test("A wrong size is refused", arguments: [0, 1, 999, 1001, 254_999, 1 << 30, -1, Int.max])
    func wrongSize(size: Int) throws {
        let original = Self.texts[0]
        let block = try #require(original.withUnsafeBytes { LZ4Block.compress($0, smallerThan: 500) })
        #expect(block.withUnsafeBytes { LZ4Block.decompress($0, size: size) } == nil)
    }

    @Test("Damaged blocks never trap")
    func damage() throws {
        let original = Self.texts[1]
        let block = try #require(original.withUnsafeBytes { LZ4Block.compress($0, smallerThan: original.count) })
        for index in block.indices {
            for bit in 0..<8 {
                var damaged = block
                damaged[index] ^= 1 << bit
                let result = damaged.withUnsafeBytes { LZ4Block.decompress($0, size: original.count) }
                #expect(result == nil || result?.count == original.count)
            }
            let part = Array(block[..<index])
            #expect(part.withUnsafeBytes { LZ4Block.decompress($0, size: original.count) } == nil)
        }
    }
}
