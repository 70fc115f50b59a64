import Webhooks

/// Keeps requests from a receiver that only fails: its deliveries stay where they are and lose no attempts. Now and
/// then one of them goes as a probe, and its success closes the breaker.
struct CircuitBreaker {
    enum State: Hashable {
        case closed
        case open(until: Instant)
        /// One request is under way; it decides.
        case probing
    }

    static let consecutiveFailures = 10
    /// Of so many requests in ``span``, half have failed.
    static let enough = 20
    static let span = Duration.seconds(60)
    static let shortestPause = Duration.seconds(5)
    static let longestPause = Duration.seconds(300)

    private(set) var state = State.closed
    /// Failures since the last success.
    private(set) var failures: Int32 = 0
    /// How often it opened since it was closed: each time the pause doubles.
    private(set) var openings: Int16 = 0
    private var recent = RecentOutcomes()

    var isClosed: Bool { state == .closed }

    /// Whether a request may start; in the open state, after its pause, as a probe.
    func admits(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): until <= now
        case .probing: false
        }
    }

    /// When the next probe may go; nil while nothing keeps requests back, or the probe is under way.
    var opensAt: Instant? { if case .open(let until) = state { until } else { nil } }

    mutating func start() { if case .open = state { state = .probing } }

    /// The request that was started did not go out: the next one is the probe.
    mutating func cancelStart(at now: Instant) { if state == .probing { state = .open(until: now) } }

    mutating func succeeded(at now: Instant) {
        failures = 0
        if state == .closed { return recent.count(failed: false, at: now) }
        state = .closed
        openings = 0
        recent = RecentOutcomes()
    }

    mutating func failed(at now: Instant) {
        failures = failures == .max ? failures : failures + 1
        recent.count(failed: true, at: now)
        switch state {
        case .open: break  // it began before the breaker opened
        case .probing: open(at: now)
        case .closed:
            let counts = recent.counts(at: now)
            let isHalf = counts.all >= Self.enough && counts.failed * 2 >= counts.all
            if failures >= Self.consecutiveFailures || isHalf { open(at: now) }
        }
    }

    private mutating func open(at now: Instant) {
        let pause = min(Self.longestPause, Self.shortestPause * (1 << Int(min(openings, 16))))
        openings = openings == .max ? openings : openings + 1
        state = .open(until: now + pause)
        recent = RecentOutcomes()
    }

    /// As another owner left it.
    mutating func restore(openings: Int16, failures: Int32, until: Instant?) {
        self.failures = failures
        guard openings > 0 else { return }
        self.openings = openings
        state = .open(until: until ?? .distantPast)
    }
}

/// Outcomes of the last minute, in slices of ten seconds.
private struct RecentOutcomes {
    private static let slices = 6
    private static let width = Int64(10_000_000)

    private var all = [UInt32](repeating: 0, count: slices)
    private var failed = [UInt32](repeating: 0, count: slices)
    /// The number of the newest slice, counted from 1970.
    private var newest: Int64 = 0

    mutating func count(failed isFailure: Bool, at now: Instant) {
        let slice = now.microseconds / Self.width
        clear(upTo: slice)
        let index = Int(max(slice, newest) % Int64(Self.slices))
        all[index] += 1
        if isFailure { failed[index] += 1 }
    }

    mutating func counts(at now: Instant) -> (all: UInt32, failed: UInt32) {
        clear(upTo: now.microseconds / Self.width)
        return (all.reduce(0, +), failed.reduce(0, +))
    }

    private mutating func clear(upTo slice: Int64) {
        guard slice > newest else { return }
        for number in max(newest + 1, slice - Int64(Self.slices) + 1)...slice {
            all[Int(number % Int64(Self.slices))] = 0
            failed[Int(number % Int64(Self.slices))] = 0
        }
        newest = slice
    }
}
