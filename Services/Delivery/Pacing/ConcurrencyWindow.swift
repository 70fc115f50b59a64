import Webhooks

/// How many requests a receiver bears at once, found out by trying: one more for each success until the first failure,
/// then one more for each round of successes; half after a failure.
struct ConcurrencyWindow {
    static let start = 8.0

    private var width = Self.start
    /// Up to here it grows fast.
    private var threshold = Double.infinity
    private var halvedAt = Instant.distantPast

    /// Requests at once, 1 at least.
    var limit: Int { Int(width) }

    /// - Parameter maximum: what the webhook allows.
    mutating func succeeded(maximum: Int) {
        width = min(max(Double(maximum), 1), width + (width < threshold ? 1 : 1 / width))
    }

    /// Requests that began before the last halving tell nothing new.
    mutating func failed(startedAt: Instant, now: Instant) {
        guard startedAt >= halvedAt else { return }
        halvedAt = now
        width = max(1, width / 2)
        threshold = width
    }
}
