public import Postgres
public import ServiceLifecycle

/// Closes a pool when all that uses it has ended: put it before its users, services end in the reverse order.
public struct PoolKeeper: Service {
    private let pool: PostgresPool

    public init(pool: PostgresPool) { self.pool = pool }

    public func run() async throws {
        try? await gracefulShutdown()  // or cancellation
        await pool.close()
    }
}
