import Testing
import Webhooks

@Suite struct RetryAfterTests {
    /// 2025-10-07 11:48:45.
    private let now = Instant(microseconds: 1_759_837_725_000_000)

    @Test(
        "Seconds and dates, within a second and a day",
        arguments: [
            ("120", .seconds(120)), (" 7\t", .seconds(7)), ("0", .seconds(1)), ("86400", .seconds(86400)),
            ("86401", .seconds(86400)), ("99999999999999999999999999", .seconds(86400)), ("007", .seconds(7)),
            ("Tue, 07 Oct 2025 11:50:00 GMT", .seconds(75)), ("Tue, 07 Oct 2025 11:48:45 GMT", .seconds(1)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(1)), ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(86400)),
            ("Tuesday, 07-Oct-25 11:50:00 GMT", .seconds(75)), ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(1)),
            ("Wednesday, 01-Jan-75 00:00:00 GMT", .seconds(86400)), ("Saturday, 01-Jan-77 00:00:00 GMT", .seconds(1)),
            ("Tue Oct  7 11:50:00 2025", .seconds(75)), ("Sun Nov 16 08:49:37 1994", .seconds(1)),
            ("", nil), (" ", nil), ("-5", nil), ("+5", nil), ("1.5", nil), ("5s", nil), ("soon", nil), ("５", nil),
            ("Tue, 07 Oct 2025 11:50:00", nil), ("Tue, 07 Oct 2025 11:50:00 CET", nil),
            ("Tue, 32 Oct 2025 11:50:00 GMT", nil), ("Tue, 07 Okt 2025 11:50:00 GMT", nil),
            ("tue, 07 Oct 2025 11:50:00 GMT", nil), ("Tue Oct  7 11:50:00 2025 GMT", nil),
            ("2025-10-07T11:50:00Z", nil),
        ] as [(String, Duration?)])
    func parse(value: String, expected: Duration?) {
        #expect(RetryAfter.parse(Array(value.utf8), now: now) == expected)
    }

    @Test func strangeBytes() {
        #expect(RetryAfter.parse([0xFF, 0x31], now: now) == nil)
        #expect(RetryAfter.parse([UInt8](repeating: 0x31, count: 1_000_000), now: now) == nil)
        #expect(RetryAfter.parse(Array("Fri, 31 Dec 9999 23:59:59 GMT".utf8), now: .distantPast) == .seconds(86400))
        #expect(RetryAfter.parse(Array("Sunday, 06-Nov-94 08:49:37 GMT".utf8), now: .distantFuture) == nil)
    }
}
