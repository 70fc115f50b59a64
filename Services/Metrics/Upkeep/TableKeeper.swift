import Hosting
import Logging
import Postgres
import Prometheus
import ServiceLifecycle
import Store
import Webhooks

/// Rolls counters up every minute, and lets old days go every ten. One process at a time: it holds a lock of the
/// session, and without one it would only do twice what may be done twice.
///
/// After a failure it rests for a minute more: while the database was away outcomes have waited to be recorded.
struct TableKeeper: Service {
    /// In minutes.
    static let retentionInterval = 10

    /// Of one session.
    let pool: PostgresPool
    let rules: RetentionRules
    let logger: Logger
    var success: Gauge?

    func run() async { await cancelWhenGracefulShutdown { await keepOnAndOn() } }

    private func keepOnAndOn() async {
        var round = 0
        var rests = false
        for await _ in Ticker(every: .seconds(60)) {
            guard !rests else {
                rests = false
                continue
            }
            let isRetentionDue = round % Self.retentionInterval == 0
            do {
                guard try await pass(withRetention: isRetentionDue) else { continue }
                if isRetentionDue { success?.set(Double(Instant.now.seconds)) }
                round += 1
            } catch {
                guard !Task.isCancelled else { return }
                rests = true
                logger.warning("Old days not kept in order", metadata: ["error": "\(error)"])
            }
        }
    }

    /// One pass; false where another process is at it.
    @discardableResult
    func pass(withRetention: Bool = true) async throws -> Bool {
        guard try await pool.execute(TryLockUpkeep()).first == true else { return false }
        do {
            let rolledUntil = try await RollUps(pool: pool).pass(at: .now)
            if withRetention {
                try await Retention(pool: pool, rules: rules, logger: logger).pass(rolledUntil: rolledUntil)
            }
        } catch {
            _ = try? await pool.execute(UnlockUpkeep())
            throw error
        }
        _ = try await pool.execute(UnlockUpkeep())
        return true
    }
}
