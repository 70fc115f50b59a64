import Hosting
public import Logging
public import Postgres
public import ServiceLifecycle
import Store

/// Makes the day partitions ahead of time: at the start, then hourly; after a failure a minute later.
///
/// An event whose day has no partition goes to the default one, so a failure here refuses nothing.
public struct PartitionKeeper: Service {
    private let pool: PostgresPool
    private let logger: Logger

    public init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    public func run() async { await cancelWhenGracefulShutdown { await keepOnAndOn() } }

    private func keepOnAndOn() async {
        var minutesToWait = 0
        for await _ in Ticker(every: .seconds(60)) {
            minutesToWait -= 1
            guard minutesToWait <= 0 else { continue }
            do {
                let made = try await pool.execute(EnsurePartitions()).first ?? 0
                if made > 0 { logger.info("Partitions made", metadata: ["partition.count": .stringConvertible(made)]) }
                minutesToWait = 60
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("Partitions not made", metadata: ["error": "\(error)"])
            }
        }
    }
}
