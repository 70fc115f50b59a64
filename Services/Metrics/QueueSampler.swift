import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store
import Webhooks

/// Counts pending deliveries, once a second while that is cheap.
///
/// A long queue takes long to count: the sampler then rests nine times as long as it worked.
struct QueueSampler: Service {
    /// Shards a statement, so that each stays far below the session's time limit.
    static let slice = 16

    let pool: PostgresPool
    let board: MetricsBoard
    let logger: Logger

    func run() async { await cancelWhenGracefulShutdown { await sampleOnAndOn() } }

    private func sampleOnAndOn() async {
        var restsUntil = ContinuousClock.now
        for await now in Ticker(every: .seconds(1)) where now >= restsUntil {
            do {
                board.show(try await sample())
            } catch {
                logger.debug("Queue not sampled", metadata: ["error": "\(error)"])
            }
            let finished = ContinuousClock.now
            restsUntil = finished + (finished - now) * 9
        }
    }

    /// The whole queue, put together from slices.
    func sample() async throws(PostgresError) -> QueueSample {
        var sample = QueueSample()
        for start in stride(from: 0, to: Shard.all.count, by: Self.slice) {
            let shards = Array(Shard.all[start..<min(start + Self.slice, Shard.all.count)])
            for row in try await pool.execute(SampleQueue(shards: shards)) { sample.add(row) }
        }
        return sample
    }
}

/// Pending deliveries of all shards.
struct QueueSample: Sendable, Equatable {
    private(set) var due = 0
    private(set) var scheduled = 0
    /// Of webhooks that are not active.
    private(set) var held = 0
    /// Seconds since the oldest due delivery fell due; 0 where none is due.
    private(set) var oldestDueAge = 0.0

    mutating func add(_ row: SampleQueue.Row) {
        due += row.due
        scheduled += row.scheduled
        held += row.held
        oldestDueAge = max(oldestDueAge, row.oldestDueAge ?? 0)
    }
}
