public import Postgres
public import Webhooks

/// What has changed since the given versions of some tenants, tombstones included: what a directory loads.
///
/// Each tenant that exists has at least one row, so its version is known even where no webhook has changed; one that is
/// unknown or deleted has none. Start from version −1 to know nothing.
public struct FindWebhookChanges: Statement {
    public static let sql = """
        SELECT t.id, t.webhooks_version, w.deleted_at IS NOT NULL, w.id, w.tenant_id, w.shard, w.configuration,
               w.disabled_reason, w.version, w.created_at, w.updated_at
          FROM unnest($1, $2) u(tenant, version)
         CROSS JOIN LATERAL (SELECT t.id, t.webhooks_version FROM tenants t
                WHERE t.id = u.tenant AND t.deleted_at IS NULL LIMIT 1) t  -- tenants_pkey
          LEFT JOIN LATERAL (SELECT * FROM webhooks w WHERE w.tenant_id = u.tenant AND w.version > u.version
                ORDER BY w.tenant_id, w.version OFFSET 0) w ON true       -- webhooks_changes
        """

    public let tenants: [Tenant.ID]
    /// As many as `tenants`.
    public let versions: [Int64]

    public init(tenants: [Tenant.ID], after versions: [Int64]) {
        self.tenants = tenants
        self.versions = versions
    }

    public var isOmitted: Bool { tenants.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenants)
        parameters.append(versions)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> WebhookChange {
        let id: Webhook.ID? = try row.optional(3)
        return WebhookChange(
            tenantID: try row.column(0), tenantVersion: try row.column(1),
            webhook: id == nil ? nil : try Webhook(row, from: 3), isDeleted: try row.column(2))
    }
}
