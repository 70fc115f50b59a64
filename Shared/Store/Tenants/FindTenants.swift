public import Postgres
public import Webhooks

/// Tenants by id; those that are unknown or deleted are missing among the rows.
public struct FindTenants: Statement {
    public static let sql = """
        SELECT t.* FROM unnest($1) u(id)
         CROSS JOIN LATERAL (
                SELECT id, identifier, name, shard, settings, created_at, updated_at, webhooks_version FROM tenants t
                 WHERE t.id = u.id AND t.deleted_at IS NULL LIMIT 1) t    -- tenants_pkey
        """

    public let ids: [Tenant.ID]

    public init(ids: [Tenant.ID]) { self.ids = ids }

    public var isOmitted: Bool { ids.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(ids) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantRecord {
        try TenantRecord(row)
    }
}
