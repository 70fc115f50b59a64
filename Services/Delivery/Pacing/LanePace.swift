import Store
import Webhooks

/// What a webhook allows.
struct PaceLimits: Hashable, Sendable {
    var concurrency = 32
    var rate: WebhookConfiguration.RateLimit?
}

/// Whether a lane may send now: what its webhook allows, and what its receiver bears.
struct LanePace {
    /// A receiver that takes longer in more than one request of twenty is slow: its lane shares a part of the slots
    /// with its like.
    static let slow = Duration.seconds(2)

    private var bucket = TokenBucket()
    private var window = ConcurrencyWindow()
    private(set) var breaker = CircuitBreaker()
    /// No request before this instant of the database's clock (`Retry-After`).
    private(set) var pausedUntil: Instant?
    /// The first failure since the last success.
    private(set) var failingSince: Instant?
    /// The part of requests that were slow, younger ones weighing more.
    private var slowShare: Float = 0
    private(set) var isSlow = false
    /// ``memory(of:in:)`` has changed in what another owner must know.
    private(set) var isDirty = false

    func mayStart(at now: Instant, inFlight: Int, limits: PaceLimits) -> Bool {
        inFlight < min(limits.concurrency, window.limit) && breaker.admits(at: now)
            && pausedUntil.map { $0 <= now } ?? true && (limits.rate == nil || bucket.token(after: now) <= now)
    }

    /// When it may start where only time is in the way; nil: nothing of that kind is.
    func nextChance(after now: Instant, limits: PaceLimits) -> Instant? {
        var chance = now
        if let opensAt = breaker.opensAt { chance = max(chance, opensAt) }
        if let pausedUntil { chance = max(chance, pausedUntil) }
        if limits.rate != nil { chance = max(chance, bucket.token(after: now)) }
        return chance > now ? chance : nil
    }

    mutating func start(at now: Instant, limits: PaceLimits) {
        if let rate = limits.rate { bucket.take(at: now, limit: rate) }
        breaker.start()
    }

    /// What was started did not go out.
    mutating func cancelStart(at now: Instant, limits: PaceLimits) {
        if let rate = limits.rate { bucket.putBack(limit: rate) }
        breaker.cancelStart(at: now)
    }

    /// A request that began at `startedAt` has ended; `failure` is nil where it succeeded.
    mutating func note(
        _ failure: ErrorClass?, at now: Instant, startedAt: Instant, took duration: Duration, limits: PaceLimits
    ) {
        slowShare += ((duration > Self.slow ? 1 : 0) - slowShare) / 32
        isSlow = slowShare > (isSlow ? 0.025 : 0.05)
        let before = (breaker.state, failingSince, pausedUntil)
        switch failure {
        case nil: succeed(at: now, limits: limits)
        case .http429?:  // the receiver works, and wants less: the breaker is for those that do not
            window.failed(startedAt: startedAt, now: now)
            breaker.cancelStart(at: now)
            failingSince = failingSince ?? startedAt
        case .some:
            window.failed(startedAt: startedAt, now: now)
            breaker.failed(at: now)
            failingSince = failingSince ?? startedAt
        }
        isDirty = isDirty || before != (breaker.state, failingSince, pausedUntil)
    }

    private mutating func succeed(at now: Instant, limits: PaceLimits) {
        if breaker.isClosed { window.succeeded(maximum: limits.concurrency) } else { window = ConcurrencyWindow() }
        breaker.succeeded(at: now)
        failingSince = nil
        if let pausedUntil, pausedUntil <= now { self.pausedUntil = nil }
    }

    /// Nothing goes out before `instant`.
    mutating func pause(until instant: Instant) {
        pausedUntil = max(pausedUntil ?? instant, instant)
        isDirty = true
    }

    // MARK: What another owner must know

    func memory(of webhook: Webhook.ID, in shard: Shard) -> LaneState {
        let until = [pausedUntil, breaker.opensAt].compactMap(\.self).max()
        return LaneState(
            shard: shard, webhookID: webhook, pausedUntil: until, breaker: breaker.openings,
            consecutiveFailures: failingSince == nil ? 0 : breaker.failures, failingSince: failingSince)
    }

    mutating func saved() { isDirty = false }

    mutating func restore(_ state: LaneState) {
        pausedUntil = state.pausedUntil
        failingSince = state.failingSince
        breaker.restore(openings: state.breaker, failures: state.consecutiveFailures, until: state.pausedUntil)
    }

    /// Its webhook was changed: the receiver gets another chance at once.
    /// - Parameter keepsPause: it is the same receiver, and asked for the pause.
    mutating func reset(keepsPause: Bool) {
        var fresh = LanePace()
        if keepsPause { fresh.pausedUntil = pausedUntil }
        fresh.isDirty = isDirty || !breaker.isClosed || failingSince != nil || pausedUntil != fresh.pausedUntil
        self = fresh
    }

    /// Nothing that another lane would not start with as well.
    var isBlank: Bool { breaker.isClosed && pausedUntil == nil && failingSince == nil && !isDirty }
}
