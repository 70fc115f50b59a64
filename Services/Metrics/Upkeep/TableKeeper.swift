import Hosting
import Logging
import Postgres
import Prometheus
import ServiceLifecycle
import Store
import Webhooks

/// Rolls counters up and lets old days go, every ten minutes; after a failure a minute later. One process at a time: it
/// holds a lock of the session, and without one it would only do twice what may be done twice.
struct TableKeeper: Service {
    /// Of one session.
    let pool: PostgresPool
    let rules: RetentionRules
    let logger: Logger
    var success: Gauge?

    func run() async { await cancelWhenGracefulShutdown { await keepOnAndOn() } }

    private func keepOnAndOn() async {
        var minutesToWait = 0
        for await _ in Ticker(every: .seconds(60)) {
            minutesToWait -= 1
            guard minutesToWait <= 0 else { continue }
            do {
                try await pass()
                success?.set(Double(Instant.now.seconds))
                minutesToWait = 10
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("Old days not kept in order", metadata: ["error": "\(error)"])
            }
        }
    }

    /// One pass, unless another process is at it.
    func pass() async throws {
        guard try await pool.execute(TryLockUpkeep()).first == true else { return }
        do {
            let rolledUntil = try await RollUps(pool: pool).pass(at: .now)
            try await Retention(pool: pool, rules: rules, logger: logger).pass(rolledUntil: rolledUntil)
        } catch {
            _ = try? await pool.execute(UnlockUpkeep())
            throw error
        }
        _ = try await pool.execute(UnlockUpkeep())
    }
}
