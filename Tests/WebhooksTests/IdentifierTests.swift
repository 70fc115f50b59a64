import TestSupport
import Testing
import Webhooks

@Suite struct IdentifierTests {
    @Test func text() throws {
        let id = Event.ID(ULID(milliseconds: 1_759_837_725_000, random: 1))
        #expect(id.description == "evt_01K6Z818A80000000000000001")
        #expect(Event.ID("evt_01K6Z818A80000000000000001") == id)
        #expect(ULID(.max).description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
        #expect(id.ulid.milliseconds == 1_759_837_725_000)
    }

    @Test(
        "What is no id of an event",
        arguments: [
            "", "evt_", "01K6Z818A80000000000000001", "wbh_01K6Z818A80000000000000001",
            "evt-01K6Z818A80000000000000001", "evt_81K6Z818A80000000000000001", "evt_01K6Z818A8000000000000000U",
            "evt_01k6z818a80000000000000001", "evt_01K6Z818A8000000000000001", "evt_01K6Z818A800000000000000011",
            "evt_01K6Z818A8000000000000000é", "evt_01K6Z818A80000000000000001 ",
        ])
    func refused(text: String) {
        #expect(Event.ID(text) == nil)
    }

    @Test func idsGrowWhateverTheClockDoes() {
        let generator = ULIDGenerator()
        var random = SeededRandom(seed: 4)
        var last = generator.next(at: 0)
        for _ in 0..<50_000 {
            let next = generator.next(at: 1_759_837_725_000 &+ random.next() % 5)
            if next <= last { Issue.record("\(next) after \(last)") }
            last = next
        }
        #expect(generator.next(at: 1).milliseconds >= 1_759_837_725_000)
    }

    @Test func idsOfOneProcessGrow() {
        let ids = (0..<1000).map { _ in Webhook.ID() }
        #expect(ids == ids.sorted() && Set(ids).count == 1000)
    }

    @Test func fingerprint() {
        let value: UInt128 = 0xE574_5FCD_784B_B9B5_142D_4B12_B33F_FDF6
        #expect(Fingerprint(resource: "order", id: "o1").value == value)
        #expect(Fingerprint(of: [Array("ord".utf8), Array("er\0o1".utf8)]).value == value)
        #expect(Fingerprint(resource: "order", id: "o1").orderKey == Int64(bitPattern: 0xE574_5FCD_784B_B9B5))
    }

    @Test(
        "Identifiers of tenants",
        arguments: [
            ("acme", true), ("a", true), ("0-a", true), (String(repeating: "a", count: 63), true), ("", false),
            ("-a", false), ("Acme", false), ("a_b", false), ("å", false), (String(repeating: "a", count: 64), false),
        ])
    func tenants(identifier: String, isValid: Bool) {
        #expect(Tenant.isValidIdentifier(identifier) == isValid)
    }

    @Test(
        "Masks",
        arguments: [
            ("", "••••"), ("1234567", "••••"), ("12345678", "••••5678"), ("whsec_abcdefgh1234", "••••1234"),
            ("-----BEGIN PRIVATE KEY-----\nabcd", "••••"),
        ])
    func masks(secret: String, shown: String) {
        #expect(SecretMask.text(of: secret) == shown)
    }
}
