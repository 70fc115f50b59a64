/// When a delivery is tried again, and when no more: the `retry` member with its defaults filled in.
public struct RetrySchedule: Hashable, Sendable {
    /// What follows an attempt.
    public enum Disposition: Hashable, Sendable {
        case succeeded
        /// Try again no sooner than this; at least a second.
        case retry(after: Duration)
        /// It failed, and no attempt is left.
        case exhausted
        /// The receiver wants no more (410): it failed, and the webhook is to be disabled.
        case gone
    }

    /// 5 s to 8 h: nine waits, about 18.5 hours in all.
    public static let standardSeconds = [5, 30, 120, 600, 1800, 5400, 10800, 18000, 28800]

    /// 1–25.
    public let maxAttempts: Int
    /// Seconds between attempts, never empty, each 1–86400; the last repeats.
    public let seconds: [Int]

    /// - Parameters:
    ///   - policy: as given; what is out of range, which only a row not written by the API can hold, is moved into it.
    ///   - defaultAttempts: of the webhook's dialect.
    public init(policy: RetryPolicy?, defaultAttempts: Int) {
        maxAttempts = min(max(policy?.maxAttempts ?? defaultAttempts, 1), 25)
        let given = policy?.schedule ?? []
        seconds = given.isEmpty ? Self.standardSeconds : given.map { min(max($0, 1), 86400) }
    }

    /// All waits between the first attempt and the last, without jitter.
    public var totalSeconds: Int {
        (1..<maxAttempts).reduce(0) { $0 + seconds[min($1, seconds.count) - 1] }
    }

    /// What follows attempt `attempt`, which counts from 1.
    ///
    /// - Parameters:
    ///   - failure: nil where it succeeded.
    ///   - retryAfter: of a 429 or 503: the wait is never shorter, within ``RetryAfter/range``.
    ///   - random: draws the jitter: ± 20 %, evenly.
    public func disposition(
        afterAttempt attempt: Int, failure: ErrorClass?, retryAfter: Duration? = nil,
        using random: inout some RandomNumberGenerator
    ) -> Disposition {
        guard let failure else { return .succeeded }
        guard failure != .http410 else { return .gone }
        guard attempt < maxAttempts else { return .exhausted }
        let wait = Double(seconds[min(max(attempt, 1), seconds.count) - 1])
        let jittered = Duration.milliseconds(Int64(wait * Double.random(in: 800...1200, using: &random)))
        let asked = retryAfter.map(RetryAfter.clamped) ?? .zero
        return .retry(after: max(jittered, asked, .seconds(1)))
    }

    /// The same with jitter from the system's random source.
    public func disposition(
        afterAttempt attempt: Int, failure: ErrorClass?, retryAfter: Duration? = nil
    ) -> Disposition {
        var random = SystemRandomNumberGenerator()
        return disposition(afterAttempt: attempt, failure: failure, retryAfter: retryAfter, using: &random)
    }
}
