import TestSupport
import Testing
import Webhooks

@Suite struct EncryptionKeysTests {
    private let one = "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    private let other = "b-2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
    private let context = "wbh_01K6Z818A80000000000000001/0"

    @Test func whatIsSealedOpens() throws {
        let keys = try EncryptionKeys(parsing: one)
        for plain in [[], Array("whsec_x".utf8), [UInt8](repeating: 7, count: 100_000)] {
            let sealed = keys.seal(plain, context: context)
            #expect(try keys.open(sealed, context: context) == plain)
            #expect(sealed != keys.seal(plain, context: context))  // never the same nonce
            #expect(sealed.count == plain.count + 2 + 1 + 12 + 16)
        }
    }

    /// Made with Python's cryptography (AESGCM), so that stored secrets stay readable whatever changes here.
    @Test func aValueFromElsewhereOpens() throws {
        let sealed = try #require(
            Base64.decode(
                "AQFhZGVmZ2hpamtsbW5vP3OtAxq2G/h1M2aa4iIhpDOwUn3hOaM2n5jgGKHqynrYiAyhH2ULArLzGl8QmbMDboR0EoqX"))
        let plain = try EncryptionKeys(parsing: one).open(sealed, context: context)
        #expect(String(decoding: plain, as: UTF8.self) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    }

    @Test func theFirstKeySealsAndAllOpen() throws {
        let old = try EncryptionKeys(parsing: one)
        let both = try EncryptionKeys(parsing: "\(other) , \(one)")
        let sealed = old.seal([1, 2, 3], context: context)
        #expect(try both.open(sealed, context: context) == [1, 2, 3])
        #expect(both.isOutdated(sealed) && !old.isOutdated(sealed))
        let fresh = both.seal([1, 2, 3], context: context)
        #expect(!both.isOutdated(fresh) && both.currentID == "b-2")
        #expect(throws: EncryptionKeys.Failure.unknownKey(id: "b-2")) { try old.open(fresh, context: context) }
    }

    @Test func nothingElseOpens() throws {
        let keys = try EncryptionKeys(parsing: one)
        let sealed = keys.seal(Array("secret".utf8), context: context)
        #expect(throws: EncryptionKeys.Failure.refused) { try keys.open(sealed, context: "wbh_other/0") }
        let sameName = try EncryptionKeys(parsing: "a:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=")
        #expect(throws: EncryptionKeys.Failure.refused) { try sameName.open(sealed, context: context) }
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(throws: EncryptionKeys.Failure.self) { try keys.open(changed, context: context) }
            #expect(throws: EncryptionKeys.Failure.self) { try keys.open(Array(sealed[..<place]), context: context) }
        }
        #expect(throws: EncryptionKeys.Failure.malformed) { try keys.open([], context: context) }
        #expect(throws: EncryptionKeys.Failure.malformed) { try keys.open([1, 255] + sealed, context: context) }
    }

    @Test func randomBytesNeverTrap() throws {
        let keys = try EncryptionKeys(parsing: one)
        var random = SeededRandom(seed: 9)
        for _ in 0..<5000 {
            let start: [UInt8] = random.next() % 2 == 0 ? [1, 1, UInt8(ascii: "a")] : []
            let bytes = start + (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if (try? keys.open(bytes, context: context)) != nil { Issue.record("\(bytes)") }
        }
    }

    @Test(
        "Malformed settings",
        arguments: [
            ("", .empty), (",", .empty), ("a", .entry(number: 1)), ("a:!", .entry(number: 1)),
            (":AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", .entry(number: 1)),
            ("a b:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", .entry(number: 1)),
            ("a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,b", .entry(number: 2)), ("a:AAEC", .length(id: "a")),
            (
                "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                .repeated(id: "a")
            ),
        ] as [(String, EncryptionKeys.Malformed)])
    func malformed(text: String, expected: EncryptionKeys.Malformed) {
        #expect(throws: expected) { try EncryptionKeys(parsing: text) }
    }

    @Test func aNewEntryParses() throws {
        let entry = EncryptionKeys.generateEntry(id: "k1")
        #expect(try EncryptionKeys(parsing: entry).currentID == "k1")
        #expect(entry != EncryptionKeys.generateEntry(id: "k1"))
    }
}
