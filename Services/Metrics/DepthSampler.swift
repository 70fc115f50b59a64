import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store
import Webhooks

/// Notes how much waits for each webhook, so that tenants see it over time: every ten seconds while that is cheap.
///
/// Several of them at work note the same: the most of a minute counts.
struct DepthSampler: Service {
    let pool: PostgresPool
    let logger: Logger
    private let interval: Duration = .seconds(10)

    func run() async { await cancelWhenGracefulShutdown { await sampleOnAndOn() } }

    private func sampleOnAndOn() async {
        var restsUntil = ContinuousClock.now
        for await now in Ticker(every: interval) where now >= restsUntil {
            do {
                try await sample()
            } catch {
                logger.debug("Queue depths not sampled", metadata: ["error": "\(error)"])
            }
            let finished = ContinuousClock.now
            restsUntil = finished + (finished - now) * 29
        }
    }

    /// All shards, a few a statement, so that each stays far below the session's time limit.
    func sample() async throws(PostgresError) {
        for start in stride(from: 0, to: Shard.all.count, by: QueueSampler.slice) {
            let shards = Array(Shard.all[start..<min(start + QueueSampler.slice, Shard.all.count)])
            _ = try await pool.execute(SampleQueueDepths(shards: shards))
        }
    }
}
