import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store

/// Deletes `Idempotency-Key`s whose day is over, once a minute.
struct IdempotencyKeeper: Service {
    private static let batch = 1000

    let pool: PostgresPool
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        for await _ in Ticker(every: interval).cancelOnGracefulShutdown() { await purge() }
    }

    private func purge() async {
        do {
            while try await pool.execute(PurgeIdempotencyKeys(limit: Self.batch)).first == Self.batch {}
        } catch {
            logger.debug("Idempotency keys not purged", metadata: ["error": "\(error)"])
        }
    }
}
