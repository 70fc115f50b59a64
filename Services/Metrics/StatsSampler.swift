import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store
import Webhooks

/// Sums `delivery_stats` once a second.
struct StatsSampler: Service {
    /// How long a beat may read old minutes; the rest has its turn at the next.
    static let catchUp = Duration.seconds(1)

    let pool: PostgresPool
    let board: MetricsBoard
    let logger: Logger

    func run() async { await cancelWhenGracefulShutdown { await sampleOnAndOn() } }

    private func sampleOnAndOn() async {
        var time: CountedTime?
        for await _ in Ticker(every: .seconds(1)) {
            do {
                try await sample(&time)
            } catch {
                time?.holdOpen(at: .now)
                logger.debug("Stats not sampled", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Reads what is new. What was closed before an error stays closed.
    func sample(_ time: inout CountedTime?) async throws(PostgresError) {
        let now = Instant.now
        var counted: CountedTime
        if let time {
            counted = time
        } else {
            counted = try await begin(at: now)
        }
        let deadline = ContinuousClock.now + Self.catchUp
        while let span = counted.nextSpan(at: now) {
            // Until all is counted nothing is shown: a counter that is too small for a while looks like a restart.
            guard ContinuousClock.now < deadline else { return }
            counted.close(span, try await sum(span.since, span.until))
            time = counted
        }
        time = counted
        let open = try await sum(counted.closedUntil)
        let recent = try await sum((now - .seconds(300)).startOfMinute)
        let ratios = MetricsBoard.SuccessRatios(
            fiveMinutes: CountedTime.ratio(recent.succeeded, recent.failed),
            hour: counted.successRatio(since: now - .seconds(3600), open: open),
            day: counted.successRatio(since: now - CountedTime.day, open: open))
        board.show(counted.total(open: open), ratios, at: .now)
    }

    /// Days that are rolled up are read as such, but for the last one, whose minutes the ratios need.
    private func begin(at now: Instant) async throws(PostgresError) -> CountedTime {
        var rolledUntil = Instant.distantPast
        if let horizons = try await pool.execute(FindHorizons()).first {
            rolledUntil = max(horizons.minutesSince, min(horizons.daysUntil, (now - CountedTime.day).startOfDay))
        }
        let oldest = try await pool.execute(FindOldestStats()).first ?? nil
        return CountedTime(
            oldest: oldest.map { max($0, rolledUntil) }, rolledUp: try await sumDays(until: rolledUntil), at: now)
    }

    /// A day a statement: none of them takes longer the older the installation is.
    private func sumDays(until end: Instant) async throws(PostgresError) -> DeliveryCounts {
        var total = DeliveryCounts()
        var day = try await pool.execute(FindOldestDay()).first ?? end
        while day < end {
            let next = day + CountedTime.day
            total += try await pool.execute(SumRolledStats(since: day, until: next)).first ?? DeliveryCounts()
            day = next
        }
        return total
    }

    private func sum(_ since: Instant, _ until: Instant = .distantFuture) async throws(PostgresError) -> DeliveryCounts
    {
        try await pool.execute(SumDeliveryStats(since: since, until: until)).first ?? DeliveryCounts()
    }
}
