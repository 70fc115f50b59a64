import JSON
import Testing

/// What holds for any bytes, tried on many from a fixed seed.
@Suite struct PropertyTests {
    @Test func randomBytesNeverTrap() {
        var random = SeededRandom(seed: 1)
        let alphabet =
            Array(#"{}[],:"\u0aef19.-+ truefalsn"#.utf8) + [0x00, 0x0A, 0x1F, 0x80, 0xC3, 0xA5, 0xED, 0xF0, 0xFF]
        var accepted = 0
        for _ in 0..<200_000 {
            let bytes = (0..<random.below(16)).map { _ in alphabet[random.below(alphabet.count)] }
            if touch(bytes) { accepted += 1 }
        }
        #expect(accepted > 100)
    }

    @Test func mutatedTextsNeverTrap() {
        var random = SeededRandom(seed: 2)
        var accepted = 0
        for _ in 0..<3_000 {
            let original = Array(random.json(depth: 3).prefix(60))
            for _ in 0..<20 {
                var bytes = original
                for _ in 0...random.below(3) { random.mutate(&bytes) }
                if touch(bytes) { accepted += 1 }
            }
        }
        #expect(accepted > 1000)
    }

    /// Parses, and if it is JSON, asks everything that can be asked.
    private func touch(_ bytes: [UInt8]) -> Bool {
        do throws(JSONError) {
            visit(try JSONDocument(parsing: bytes).root)
            return true
        } catch {
            if error.offset > bytes.count || error.offset < 0 { Issue.record("offset \(error.offset) of \(bytes)") }
            return false
        }
    }

    private func visit(_ value: JSONValue) {
        _ = (value.string, value.integer, value.double, value.bool, value.containsNUL)
        let compact = value.compactBytes
        guard let again = try? JSONDocument(parsing: compact).root else {
            Issue.record("compact text is no JSON: \(compact)")
            return
        }
        if again.canonicalBytes != value.canonicalBytes { Issue.record("compacting changed \(compact)") }
        value.elements.forEach(visit)
        for (name, member) in value.members {
            if value.member(name) == nil { Issue.record("no member \(name)") }
            visit(member)
        }
    }

    @Test func canonicalTextSurvivesWhitespaceAndOrder() throws {
        for seed in 0..<2_000 {
            var plain = SeededRandom(seed: UInt64(seed))
            var loose = SeededRandom(seed: UInt64(seed))
            loose.isLoose = true
            let one = try JSONDocument(parsing: plain.json(depth: 3)).root
            let other = try JSONDocument(parsing: loose.json(depth: 3)).root
            #expect(one.isEquivalent(to: other), "seed \(seed)")
            let canonical = one.canonicalBytes
            #expect(try JSONDocument(parsing: canonical).root.canonicalBytes == canonical, "seed \(seed)")
        }
    }

    /// Every split of a multi-byte text at the eight-byte steps of the scanner.
    @Test func stringsOfEveryLength() throws {
        for length in 0..<40 {
            for special in ["", "å", "\\n", "😀", "\\\"", "\\\\"] {
                for place in 0...length {
                    let body =
                        String(repeating: "x", count: place) + special + String(repeating: "y", count: length - place)
                    let document = try JSONDocument(parsing: Array("\"\(body)\"".utf8))
                    let decoded = special.replacing("\\n", with: "\n").replacing("\\\"", with: "\"").replacing(
                        "\\\\", with: "\\")
                    let expected =
                        String(repeating: "x", count: place) + decoded + String(repeating: "y", count: length - place)
                    if document.root.string != expected { Issue.record("\(body)") }
                }
            }
        }
    }
}
