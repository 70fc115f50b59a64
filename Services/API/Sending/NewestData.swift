import Dressing
import Postgres
import Store
import Webhooks

/// The newest data of one tenant's resources, for payload queries of test sends.
struct NewestData: Sendable {
    let pool: PostgresPool
    let tenant: Tenant

    /// The second half of running a query; nil where there is none.
    func result(of asked: AskedQuery?) async throws -> [UInt8]? {
        guard let asked else { return nil }
        let answers = try await answers(for: asked.resources)
        return try asked.result { answers[$0] }
    }

    private func answers(for resources: [Fingerprint]) async throws -> [Fingerprint: AskedQuery.Answer] {
        guard !resources.isEmpty else { return [:] }
        let keys = resources.map {
            FindNewestOfResources.Key(shard: tenant.shard, tenantID: tenant.id, resource: $0)
        }
        let (_, rows) = try await pool.transact(SetTenantContext(tenant: tenant.id), FindNewestOfResources(keys))
        return Dictionary(
            rows.map { ($0.resource, AskedQuery.Answer(eventID: $0.eventID, data: $0.data)) },
            uniquingKeysWith: { one, _ in one })
    }
}
