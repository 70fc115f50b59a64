import TestSupport
import Testing
import Webhooks

@Suite struct RetryScheduleTests {
    private typealias Disposition = RetrySchedule.Disposition

    @Test(
        "Defaults, and what a policy says instead",
        arguments: [
            (nil, 10, 10, RetrySchedule.standardSeconds), (nil, 1, 1, RetrySchedule.standardSeconds),
            (RetryPolicy(maxAttempts: 3), 1, 3, RetrySchedule.standardSeconds),
            (RetryPolicy(schedule: [7]), 1, 1, [7]),
            (RetryPolicy(schedule: [7, 8]), 10, 10, [7, 8]),
            (RetryPolicy(maxAttempts: 99, schedule: [0, -3, 1_000_000]), 10, 25, [1, 1, 86400]),
            (RetryPolicy(maxAttempts: 0, schedule: []), 10, 1, RetrySchedule.standardSeconds),
        ] as [(RetryPolicy?, Int, Int, [Int])])
    func defaults(policy: RetryPolicy?, usual: Int, attempts: Int, seconds: [Int]) {
        let schedule = RetrySchedule(policy: policy, defaultAttempts: usual)
        #expect(schedule.maxAttempts == attempts)
        #expect(schedule.seconds == seconds)
    }

    @Test func standardWaits() {
        #expect(RetrySchedule.standardSeconds == [5, 30, 120, 600, 1800, 5400, 10800, 18000, 28800])
        #expect(RetrySchedule(policy: nil, defaultAttempts: 10).totalSeconds == 65555)
        #expect(RetrySchedule(policy: nil, defaultAttempts: 1).totalSeconds == 0)
        let short = RetryPolicy(maxAttempts: 5, schedule: [1, 10])
        #expect(RetrySchedule(policy: short, defaultAttempts: 10).totalSeconds == 31)
    }

    @Test(
        "What follows an attempt",
        arguments: [
            (1, nil, .succeeded), (10, nil, .succeeded), (1, .http410, .gone), (10, .http410, .gone),
            (10, .http5xx, .exhausted), (11, .timeout, .exhausted),
        ] as [(Int, ErrorClass?, RetrySchedule.Disposition)])
    func disposition(attempt: Int, failure: ErrorClass?, expected: RetrySchedule.Disposition) {
        let schedule = RetrySchedule(policy: nil, defaultAttempts: 10)
        #expect(schedule.disposition(afterAttempt: attempt, failure: failure) == expected)
    }

    @Test("Every failure but 410 is retried", arguments: ErrorClass.allCases)
    func everyFailure(failure: ErrorClass) {
        let disposition = RetrySchedule(policy: nil, defaultAttempts: 10)
            .disposition(afterAttempt: 1, failure: failure)
        if failure == .http410 {
            #expect(disposition == .gone)
        } else {
            #expect(wait(disposition) != nil)
        }
    }

    @Test("Jitter spreads a wait over ± 20 %, and no further", arguments: 1...9)
    func jitter(attempt: Int) throws {
        let schedule = RetrySchedule(policy: nil, defaultAttempts: 10)
        let nominal = Duration.seconds(RetrySchedule.standardSeconds[attempt - 1])
        var random = SeededRandom(seed: UInt64(attempt))
        let waits = (0..<2000).compactMap { _ in
            wait(schedule.disposition(afterAttempt: attempt, failure: .http5xx, using: &random))
        }
        #expect(waits.count == 2000)
        let (least, most) = (try #require(waits.min()), try #require(waits.max()))
        #expect(least >= nominal * 0.8 && most <= nominal * 1.2)
        #expect(least < nominal * 0.82 && most > nominal * 1.18)
    }

    @Test func theLastWaitRepeatsAndIsNeverBelowASecond() throws {
        let schedule = RetrySchedule(policy: RetryPolicy(maxAttempts: 25, schedule: [1]), defaultAttempts: 10)
        var random = SeededRandom(seed: 1)
        for attempt in 1..<25 {
            let found = try #require(
                wait(schedule.disposition(afterAttempt: attempt, failure: .timeout, using: &random)))
            #expect((.seconds(1) ... .milliseconds(1200)).contains(found))
        }
    }

    @Test(
        "Retry-After is a lower bound",
        arguments: [
            (.seconds(300), .seconds(300)), (.seconds(1_000_000), .seconds(86400)), (.zero, nil), (.seconds(2), nil),
        ] as [(Duration, Duration?)])
    func retryAfter(asked: Duration, expected: Duration?) throws {
        let schedule = RetrySchedule(policy: nil, defaultAttempts: 10)
        let found = try #require(
            wait(schedule.disposition(afterAttempt: 1, failure: .http429, retryAfter: asked)))
        if let expected { #expect(found == expected) } else { #expect((.seconds(4) ... .seconds(6)).contains(found)) }
        #expect(schedule.disposition(afterAttempt: 10, failure: .http429, retryAfter: asked) == .exhausted)
    }

    private func wait(_ disposition: Disposition) -> Duration? {
        if case .retry(let wait) = disposition { wait } else { nil }
    }
}
