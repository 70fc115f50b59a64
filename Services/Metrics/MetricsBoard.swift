import Prometheus
import Store
import Synchronization

/// The last that the samplers saw: a scrape reads it and asks nobody. While the database is away it stays.
final class MetricsBoard: Sendable {
    /// How old the counters may be while the service calls itself ready.
    static let freshness = Duration.seconds(5)

    /// Shares of succeeded invocations in windows up to now; nil where there was none.
    struct SuccessRatios: Sendable, Equatable {
        var fiveMinutes: Double?
        var hour: Double?
        var day: Double?
    }

    /// What is sampled by itself.
    enum Section: String, Sendable { case lanes, tables, server, tenants }

    private struct State {
        var sections: [Section: [MetricFamily]] = [:]
        var queue: QueueSample?
        var counts: DeliveryCounts?
        var ratios = SuccessRatios()
        var sampledAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    func show(_ queue: QueueSample) { state.withLock { $0.queue = queue } }

    func show(_ counts: DeliveryCounts, _ ratios: SuccessRatios, at now: ContinuousClock.Instant) {
        state.withLock {
            $0.counts = counts
            $0.ratios = ratios
            $0.sampledAt = now
        }
    }

    func show(_ families: [MetricFamily], as section: Section) { state.withLock { $0.sections[section] = families } }

    /// Whether the database was read lately.
    func isFresh(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { $0.sampledAt.map { now - $0 < Self.freshness } ?? false }
    }

    /// What a scrape shows: nothing of what was never read, for a zero would be a lie.
    func families(at now: ContinuousClock.Instant) -> [MetricFamily] {
        let state = state.withLock { $0 }
        let up = MetricFamily(
            "martlet_up", .gauge, help: "Whether the database was read lately: 1, or 0 and all else is old.",
            isFresh(at: now) ? 1 : 0)
        let queue = (state.queue.map(DeliveryFamilies.queue) ?? []) + state.sections.values.flatMap(\.self)
        guard let counts = state.counts else { return [up] + queue }
        return [up] + queue + DeliveryFamilies.invocations(counts) + DeliveryFamilies.ratios(state.ratios)
            + DeliveryFamilies.histograms(counts)
    }
}
