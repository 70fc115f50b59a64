import Store
import Testing
import Webhooks

@testable import MetricsService

@Suite struct CountedTimeTests {
    static let now = Instant(microseconds: 1_760_000_010_000_000)  // half past a minute

    private func counts(_ succeeded: Int, _ failed: Int = 0) -> DeliveryCounts {
        var counts = DeliveryCounts()
        (counts.succeeded, counts.failed) = (succeeded, failed)
        return counts
    }

    /// Closes all that can be closed, with one success a span.
    private func catchUp(_ time: inout CountedTime, at now: Instant) -> [CountedTime.Span] {
        var spans: [CountedTime.Span] = []
        while let span = time.nextSpan(at: now), spans.count < 10_000 {
            spans.append(span)
            time.close(span, counts(1))
        }
        return spans
    }

    @Test func nothingIsReadWhereNothingIs() {
        var time = CountedTime(oldest: nil, at: Self.now)
        #expect(catchUp(&time, at: Self.now).isEmpty)
        #expect(time.closedUntil == (Self.now - .seconds(600)).startOfMinute, "what ends late is still counted")
        #expect(time.total(open: counts(3)).succeeded == 3)
    }

    @Test func longAgoIsReadByTheHourAndTheLastDayByTheMinute() {
        var time = CountedTime(oldest: Self.now - .seconds(86_400 + 2 * 3600 + 60), at: Self.now)
        let spans = catchUp(&time, at: Self.now)
        #expect(spans.count == 2 + (86_400 + 60 - 600) / 60)
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.until == $1.since }, "no minute twice, none left out")
        #expect(spans.first?.since == (Self.now - .seconds(86_400 + 2 * 3600 + 60)).startOfMinute)
        #expect(time.closedUntil == (Self.now - .seconds(600)).startOfMinute)
        #expect(time.total(open: counts(0)).succeeded == spans.count)
    }

    @Test func aMinuteIsClosedOnceItCannotGrow() {
        var time = CountedTime(oldest: Self.now, at: Self.now)
        #expect(time.nextSpan(at: Self.now + .seconds(29)) == nil)
        let start = (Self.now - .seconds(600)).startOfMinute
        let minute = CountedTime.Span(since: start, until: start + .seconds(60))
        #expect(time.nextSpan(at: Self.now + .seconds(30)) == minute)
        time.close(minute, counts(7, 1))
        #expect(time.nextSpan(at: Self.now + .seconds(30)) == nil)
        #expect(time.total(open: counts(2)).succeeded == 9)
    }

    @Test func anOutageHoldsMinutesOpen() {
        var time = CountedTime(oldest: Self.now - .seconds(3600), at: Self.now)
        time.holdOpen(at: Self.now)
        #expect(time.nextSpan(at: Self.now + .seconds(119)) == nil)
        #expect(time.nextSpan(at: Self.now + .seconds(120)) != nil)
    }

    @Test func ratiosLookAtTheirWindowOnly() {
        var time = CountedTime(oldest: Self.now - .seconds(3 * 86_400), at: Self.now)
        while let span = time.nextSpan(at: Self.now) {
            let isWithinTheHour = span.since >= (Self.now - .seconds(3600)).startOfMinute
            time.close(span, isWithinTheHour ? counts(1) : counts(0, 1))
        }
        #expect(time.successRatio(since: Self.now - .seconds(3600), open: counts(0)) == 1)
        #expect(time.successRatio(since: Self.now - .seconds(3600), open: counts(0, 50)) == 0.5)
        let day = time.successRatio(since: Self.now - CountedTime.day, open: counts(0))
        #expect(day == 50.0 / 1430.0)
        #expect(CountedTime.ratio(0, 0) == nil)
    }

    @Test func memoryIsBounded() {
        var time = CountedTime(oldest: Self.now - .seconds(86_400), at: Self.now)
        var now = Self.now
        for _ in 0..<3 {
            now = now + .seconds(86_400)
            _ = catchUp(&time, at: now)
        }
        #expect(time.remembered <= 1440 + 61)
    }
}
