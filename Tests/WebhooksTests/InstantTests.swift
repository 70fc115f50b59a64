import TestSupport
import Testing
import Webhooks

@Suite struct InstantTests {
    @Test(
        "A moment and its text",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_759_837_725_000_000, "2025-10-07T11:48:45.000Z"),
            (1_709_251_199_999_999, "2024-02-29T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-1000, "1969-12-31T23:59:59.999Z"), (-1001, "1969-12-31T23:59:59.998Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
            (-2_203_891_200_000_000, "1900-03-01T00:00:00.000Z"), (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"),
            (.max, "9999-12-31T23:59:59.999Z"), (.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func text(microseconds: Int64, expected: String) throws {
        #expect(Instant(microseconds: microseconds).rfc3339 == expected)
        #expect(try #require(Instant(rfc3339: expected)).rfc3339 == expected)
    }

    @Test(
        "What RFC 3339 allows is read",
        arguments: [
            ("2025-10-07T11:48:45Z", 1_759_837_725_000_000), ("2025-10-07t11:48:45z", 1_759_837_725_000_000),
            ("2025-10-07T13:48:45+02:00", 1_759_837_725_000_000), ("2025-10-07T06:18:45-05:30", 1_759_837_725_000_000),
            ("2025-10-07T11:48:45.1Z", 1_759_837_725_100_000),
            ("2025-10-07T11:48:45.123456789Z", 1_759_837_725_123_456),
            ("2025-10-07T11:48:45.000000-00:00", 1_759_837_725_000_000),
            ("2025-10-07T11:49:60Z", 1_759_837_800_000_000),
            ("2024-02-29T23:59:59.999999Z", 1_709_251_199_999_999), ("1969-12-31T23:59:59.999999Z", -1),
        ] as [(String, Int64)])
    func reading(text: String, expected: Int64) {
        #expect(Instant(rfc3339: text)?.microseconds == expected)
    }

    @Test(
        "What is no moment is refused",
        arguments: [
            "", "2025-10-07", "2025-10-07T11:48:45", "2025-10-07 11:48:45Z", "2025-13-07T11:48:45Z",
            "2025-00-07T11:48:45Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2025-04-31T00:00:00Z",
            "2025-10-00T00:00:00Z", "2025-10-07T24:00:00Z", "2025-10-07T11:60:00Z", "2025-10-07T11:48:61Z",
            "2025-10-07T11:48:45.Z", "2025-10-07T11:48:45,5Z", "2025-10-07T11:48:45+24:00", "2025-10-07T11:48:45+02:60",
            "2025-10-07T11:48:45+0200", "2025-10-07T11:48:45Zx", " 2025-10-07T11:48:45Z", "25-10-07T11:48:45Z",
            "+025-10-07T11:48:45Z", "2025-1a-07T11:48:45Z", "2025-10-07T11:48:4éZ", "٢٠٢٥-10-07T11:48:45Z",
        ])
    func refused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func everyDayOf400YearsComesBack() throws {
        var random = SeededRandom(seed: 3)
        for day in Int64(-73_000)...73_100 {
            let moment = Instant(microseconds: day * 86_400_000_000 + Int64(random.next() % 86_400_000) * 1000)
            let read = try #require(Instant(rfc3339: moment.rfc3339))
            if read != moment { Issue.record("\(moment.microseconds) became \(read.microseconds)") }
        }
    }

    @Test func arithmeticSaturates() {
        #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
        #expect(Instant.distantPast + .seconds(-1) == .distantPast)
        #expect(Instant(microseconds: 5) + .seconds(Int64.max) == .distantFuture)
        #expect(Instant.distantFuture - .distantPast == .microseconds(Int64.max))
        #expect(Instant.distantPast - .distantFuture == .microseconds(Int64.min))
        #expect(Instant(microseconds: 7) - Instant(microseconds: 10) == .microseconds(-3))
    }
}
