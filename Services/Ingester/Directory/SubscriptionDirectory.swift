import Postgres
import Store
import Synchronization
import Webhooks

/// Which webhooks each tenant has, read when the tenant first posts and brought up to date when a commit finds it
/// stale.
final class SubscriptionDirectory: Sendable {
    private let pool: PostgresPool
    private let reads = SharedReads<Tenant.ID, TenantSubscriptions?>()
    private let cache: Mutex<DirectoryCache>

    /// - Parameter limit: tenants and webhooks in memory, all in all.
    init(pool: PostgresPool, limit: Int = 200_000) {
        self.pool = pool
        cache = Mutex(DirectoryCache(limit: limit))
    }

    /// What is in memory of a tenant, without asking the database.
    func known(_ tenant: Tenant.ID) -> TenantSubscriptions? { cache.withLock { $0.find(tenant) } }

    /// A tenant's webhooks, read if need be; nil when there is no such tenant.
    func subscriptions(of tenant: Tenant.ID) async throws(PostgresError) -> TenantSubscriptions? {
        if let known = known(tenant) { return known }
        return try await reads.value(of: tenant) { () throws(PostgresError) in
            // Types after the versions: they are those of the version, or newer. On shared sessions: a lease would
            // stand in the committers' line.
            let rows = try await pool.execute(FindSubscriptionChanges(tenants: [tenant], after: [-1]))
            let types = try await pool.execute(FindEventTypeNames(tenants: [tenant]))
            guard let version = rows.first?.tenantVersion else { return nil }
            let found = TenantSubscriptions(version: -1).with(
                rows.compactMap(SubscriptionChange.init), ownTypes: types.compactMap(\.type), version: version)
            cache.withLock { $0.keep(found, for: tenant) }
            return found
        }
    }

    /// Reads what has changed since.
    ///
    /// - Returns: those of the tenants that are gone.
    func refresh(_ stale: [Tenant.ID: TenantSubscriptions]) async throws(PostgresError) -> Set<Tenant.ID> {
        let tenants = Array(stale.keys)
        let rows = try await pool.execute(
            FindSubscriptionChanges(tenants: tenants, after: tenants.map { stale[$0]?.version ?? -1 }))
        let types = try await pool.execute(FindEventTypeNames(tenants: tenants))
        let ownTypes = Dictionary(grouping: types, by: \.tenantID)
        let changes = Dictionary(grouping: rows, by: \.tenantID)
        var gone: Set<Tenant.ID> = []
        for (tenant, known) in stale {
            if let rows = changes[tenant], let version = rows.first?.tenantVersion {
                guard version > known.version else { continue }
                let newer = known.with(
                    rows.compactMap(SubscriptionChange.init), ownTypes: ownTypes[tenant]?.compactMap(\.type) ?? [],
                    version: version)
                cache.withLock { $0.keep(newer, for: tenant) }
            } else {
                cache.withLock { $0.forget(tenant) }
                gone.insert(tenant)
            }
        }
        return gone
    }
}

extension FindEventTypeNames.Row {
    /// What its name says.
    fileprivate var type: EventType? { EventType(openName: name) }
}

extension SubscriptionChange {
    /// Nil for a row without a webhook.
    init?(_ row: FindSubscriptionChanges.Row) {
        guard let id = row.webhookID else { return nil }
        webhookID = id
        subscription =
            row.isDeleted
            ? nil
            : Subscription(webhookID: id, events: row.events, ordering: row.ordering, filter: row.filter)
    }
}
