import Store

/// How many deliveries of replays may stand before the live ones of a webhook, in a lane that is served in order.
///
/// About as many as the lane sends in a second, ``widest`` at most: what is live waits a second longer, however much is
/// replayed. The width doubles when half of it was sent within ``span`` and halves when it was not. Rows that failed
/// and wait for their retry do not stand before anybody, but there is a bound to them too, for endpoints that are down.
struct ReplayPace {
    static let widest = 500
    static let first = 50
    static let span = Duration.seconds(1)
    /// Deliveries of replays that one webhook may have pending, retries included.
    static let pendingLimit = 10_000

    private(set) var width = ReplayPace.first
    /// When rows were last added, or found to be too many.
    private var since: ContinuousClock.Instant?

    /// How many may be added now; 0: not yet.
    mutating func room(_ count: CountReplayDeliveries.Row, at now: ContinuousClock.Instant) -> Int {
        let isQuick = since.map { now - $0 <= Self.span }
        guard count.due <= width / 2 else {
            if isQuick == false {
                width = max(1, width / 2)
                since = now
            }
            return 0
        }
        guard count.pending < Self.pendingLimit else { return 0 }
        if isQuick == true { width = min(Self.widest, width * 2) }
        since = now
        return width - count.due
    }
}
