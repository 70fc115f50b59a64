public import Postgres
public import Webhooks

/// Deletes an event type of a tenant's own and raises the tenant's version. No row: there is none of this name.
///
/// After ``SetTenantContext``.
public struct DeleteEventType: Statement {
    public static let sql = """
        WITH gone AS (
          DELETE FROM event_types WHERE tenant_id = $1 AND name = $2 RETURNING tenant_id)  -- event_types_pkey
        UPDATE tenants t SET webhooks_version = webhooks_version + 1 FROM gone  -- tenants_pkey
         WHERE t.id = gone.tenant_id RETURNING t.webhooks_version
        """

    public let tenant: Tenant.ID
    public let name: String

    public init(tenant: Tenant.ID, name: String) {
        self.tenant = tenant
        self.name = name
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(name)
    }

    /// The tenant's new version.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}
