import Postgres
import Store
import Synchronization
import Tenancy
import Webhooks

/// Tenants by identifier, each read at most once a second: a verified token then costs no query a request.
///
/// For so long a deleted tenant or a changed setting may go unnoticed here; a commit notices, as both raise the
/// tenant's
/// `webhooks_version`.
final class TenantCache: TenantDirectory {
    static let lifetime: Duration = .seconds(1)
    private static let limit = 10_000

    private let pool: PostgresPool
    private let reads = SharedReads<String, Tenant?>()
    private let known = Mutex<[String: (tenant: Tenant, until: ContinuousClock.Instant)]>([:])

    init(pool: PostgresPool) { self.pool = pool }

    func tenant(identifier: String) async throws -> Tenant? {
        let now = ContinuousClock.now
        if let entry = known.withLock({ $0[identifier] }), now < entry.until { return entry.tenant }
        // A crowd that waits for a database that is away helps nobody.
        guard pool.isReachable else { throw PostgresError.connection("the database is away") }
        return try await reads.value(of: identifier) { () throws(PostgresError) in
            let found = try await pool.execute(FindTenant(identifier: identifier)).first?.tenant
            known.withLock { known in
                if known.count >= Self.limit { known = [:] }
                // Counted from before the reading: what it saw is no younger. One that is unknown is not remembered.
                known[identifier] = found.map { ($0, now + Self.lifetime) }
            }
            return found
        }
    }
}
