import Postgres
import ServiceLifecycle

/// Keeps the pool open until the HTTP server, which ends first, has answered what it had.
struct PoolService: Service {
    let pool: PostgresPool

    func run() async throws {
        try? await gracefulShutdown()
        await pool.close()
    }
}
