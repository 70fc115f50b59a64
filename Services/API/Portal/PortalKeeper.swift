import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store

/// Deletes links, sessions and inspectors whose time is over, once a minute.
struct PortalKeeper: Service {
    private static let batch = 1000

    let pool: PostgresPool
    let logger: Logger
    private let interval: Duration = .seconds(60)

    init(_ context: HostContext, _ pool: PostgresPool) { self.init(pool: pool, logger: context.logger) }

    init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    func run() async throws {
        for await _ in Ticker(every: interval).cancelOnGracefulShutdown() { await purge() }
    }

    func purge() async {
        do {
            while try await pool.execute(PurgePortal(limit: Self.batch)).first == Self.batch {}
        } catch {
            logger.debug("Portal not purged", metadata: ["error": "\(error)"])
        }
    }
}
