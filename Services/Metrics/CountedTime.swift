import Store
import Webhooks

/// What was counted so far, put together from closed minutes, which are read once, and from open ones, which are read
/// anew each time. It decides what is read next; the sampler reads.
struct CountedTime: Sendable {
    /// Minutes that may still grow: a request takes half a minute at most, its record not much longer.
    static let openFor = Duration.seconds(600)
    /// After an outage of the database, while which outcomes waited to be recorded, no minute is closed for so long.
    static let patience = Duration.seconds(120)
    /// The longest window of a success ratio; its minutes are remembered one by one.
    static let day = Duration.seconds(86_400)

    /// A stretch of time to sum up: from a minute, up to another that is not in it.
    struct Span: Sendable, Equatable {
        let since: Instant
        let until: Instant
    }

    private struct Piece {
        let start: Instant
        let succeeded: Int
        let failed: Int
    }

    private var closed = DeliveryCounts()
    /// The closed spans of the last day, oldest first.
    private var pieces: [Piece] = []
    private var closesAgainAt: Instant?
    /// Spans that are remembered one by one.
    var remembered: Int { pieces.count }
    /// Where open time begins.
    private(set) var closedUntil: Instant

    /// - Parameters:
    ///   - oldest: the first minute that there are counters of; nil for none.
    ///   - rolledUp: what the minutes held that are gone.
    init(oldest: Instant?, rolledUp: DeliveryCounts = DeliveryCounts(), at now: Instant) {
        closed = rolledUp
        closedUntil = min(oldest ?? now, now - Self.openFor).startOfMinute
    }

    /// The next stretch to be closed: an hour of long ago, a minute of the last day; nil when all are.
    func nextSpan(at now: Instant) -> Span? {
        if let closesAgainAt, now < closesAgainAt { return nil }
        let bound = (now - Self.openFor).startOfMinute
        guard closedUntil < bound else { return nil }
        let hour = closedUntil + .seconds(3600)
        let isLongAgo = hour <= now - Self.day
        return Span(since: closedUntil, until: isLongAgo ? hour : closedUntil + .seconds(60))
    }

    /// Adds what a stretch was found to hold.
    mutating func close(_ span: Span, _ counts: DeliveryCounts) {
        closed += counts
        closedUntil = span.until
        pieces.append(Piece(start: span.since, succeeded: counts.succeeded, failed: counts.failed))
        let forgotten = span.until - Self.day
        if let first = pieces.first, first.start < forgotten - .seconds(3600) {
            pieces.removeAll { $0.start < forgotten }
        }
    }

    /// The database was away: what waits to be recorded may belong to minutes that would be closed by now.
    mutating func holdOpen(at now: Instant) { closesAgainAt = now + Self.patience }

    /// Everything, with what the open minutes hold.
    func total(open: DeliveryCounts) -> DeliveryCounts {
        var total = closed
        total += open
        return total
    }

    /// The share of succeeded invocations since a moment in closed time; nil where there was none.
    func successRatio(since: Instant, open: DeliveryCounts) -> Double? {
        let recent = pieces.filter { $0.start >= since.startOfMinute }
        return Self.ratio(
            recent.reduce(open.succeeded) { $0 + $1.succeeded }, recent.reduce(open.failed) { $0 + $1.failed })
    }

    /// Of all that succeeded or failed; nil for neither.
    static func ratio(_ succeeded: Int, _ failed: Int) -> Double? {
        succeeded + failed > 0 ? Double(succeeded) / Double(succeeded + failed) : nil
    }
}
