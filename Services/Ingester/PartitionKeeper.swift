import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store

/// Makes the day partitions ahead of time: at the start, then hourly; after a failure a minute later.
///
/// An event whose day has no partition goes to the default one, so a failure here refuses nothing.
struct PartitionKeeper: Service {
    let pool: PostgresPool
    let logger: Logger

    func run() async throws {
        var minutesToWait = 0
        for await _ in Ticker(every: .seconds(60)).cancelOnGracefulShutdown() {
            minutesToWait -= 1
            guard minutesToWait <= 0 else { continue }
            do {
                let made = try await pool.execute(EnsurePartitions()).first ?? 0
                if made > 0 { logger.info("Partitions made", metadata: ["partition.count": "\(made)"]) }
                minutesToWait = 60
            } catch {
                logger.warning("Partitions not made", metadata: ["error": "\(error)"])
            }
        }
    }
}
