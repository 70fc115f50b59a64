import Synchronization
public import Webhooks

/// How much each tenant, or another subject, has asked for of late: a token bucket each, which holds one second's
/// worth.
///
/// Of this process alone: with several of a service a tenant may have as many times its limit.
public final class RateLimiter: Sendable {
    /// What one request is told.
    public struct Verdict: Sendable, Hashable {
        public let isAllowed: Bool
        /// A second.
        public let limit: Int
        /// What could be asked for now, in whole numbers.
        public let remaining: Int
        /// Whole seconds until the bucket is full; of a refusal, until the same could be asked for again.
        public let resetSeconds: Int
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// Buckets in memory; when there are more, those that are full go.
    private static let capacity = 10_000

    private let buckets = Mutex<[ULID: Bucket]>([:])

    public init() {}

    var count: Int { buckets.withLock { $0.count } }

    /// Takes `cost` out of the subject's bucket, if it holds as much; a cost above the limit needs a full bucket, and
    /// leaves a debt that is waited for by whoever comes next.
    ///
    /// - Parameter limit: a second, at least 1.
    public func take<Subject>(
        _ cost: Int, of subject: Identifier<Subject>, limit: Int, at now: ContinuousClock.Instant = .now
    ) -> Verdict {
        take(cost, of: subject.ulid, limit: limit, at: now)
    }

    private func take(_ cost: Int, of subject: ULID, limit: Int, at now: ContinuousClock.Instant) -> Verdict {
        let size = Double(max(limit, 1))
        return buckets.withLock { buckets in
            if buckets[subject] == nil, buckets.count >= Self.capacity { Self.shrink(&buckets, at: now) }
            var bucket = buckets[subject] ?? Bucket(tokens: size, filledAt: now)
            let passed = max(0, (now - bucket.filledAt) / .seconds(1))
            bucket.tokens = min(size, bucket.tokens + passed * size)
            bucket.filledAt = max(now, bucket.filledAt)
            let needed = min(Double(cost), size)
            // What is short by rounding alone is not short.
            let isAllowed = bucket.tokens >= needed - 1e-6
            if isAllowed { bucket.tokens -= Double(cost) }
            buckets[subject] = bucket
            let missing = isAllowed ? size - bucket.tokens : needed - bucket.tokens
            return Verdict(
                isAllowed: isAllowed, limit: limit, remaining: max(0, Int(bucket.tokens + 1e-6)),
                resetSeconds: max(1, Int((missing / size).rounded(.up))))
        }
    }

    private static func shrink(_ buckets: inout [ULID: Bucket], at now: ContinuousClock.Instant) {
        let kept = buckets.filter { now - $0.value.filledAt < .seconds(2) || $0.value.tokens < 0 }
        // A full bucket is as good as none; if all are in use the oldest half starts anew.
        buckets = kept.count < capacity ? kept : Dictionary(uniqueKeysWithValues: Array(kept.prefix(capacity / 2)))
    }
}
