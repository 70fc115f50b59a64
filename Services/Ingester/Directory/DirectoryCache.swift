import Webhooks

/// The tenants whose webhooks are in memory; those that were asked for longest ago go first.
struct DirectoryCache: Sendable {
    /// Tenants and webhooks that it holds at most, all in all; a filter counts as more of them
    /// (``TenantSubscriptions/weight``). The tenant asked for last always stays.
    let limit: Int
    private var entries: [Tenant.ID: (subscriptions: TenantSubscriptions, lastUse: UInt64)] = [:]
    private var uses: UInt64 = 0
    /// Of what it holds.
    private(set) var weight = 0

    init(limit: Int) { self.limit = limit }

    mutating func find(_ tenant: Tenant.ID) -> TenantSubscriptions? {
        guard let index = entries.index(forKey: tenant) else { return nil }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index].subscriptions
    }

    /// Keeps the newer one of what is here and what is given.
    mutating func keep(_ subscriptions: TenantSubscriptions, for tenant: Tenant.ID) {
        uses += 1
        if let known = entries[tenant] {
            guard known.subscriptions.version < subscriptions.version else { return }
            weight -= known.subscriptions.weight
        } else {
            weight += 1
        }
        entries[tenant] = (subscriptions, uses)
        weight += subscriptions.weight
        if weight > limit { shrink() }
    }

    mutating func forget(_ tenant: Tenant.ID) {
        guard let known = entries.removeValue(forKey: tenant) else { return }
        weight -= 1 + known.subscriptions.weight
    }

    /// Down to seven eighths, so that the sorting is paid for by many additions.
    private mutating func shrink() {
        for (tenant, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard weight > limit / 8 * 7, entry.lastUse != uses else { return }
            forget(tenant)
        }
    }
}
