public import Postgres
public import Webhooks

/// The webhooks of some tenants that have changed since the given versions, tombstones included.
public struct FindChangedSubscribers: Statement {
    public static let sql = """
        SELECT w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at,
               w.deleted_at IS NOT NULL, t.identifier, t.settings, t.signature_secret, s.kinds, s.sealed, s.created,
               s.valid
          FROM unnest($1, $2) u(tenant, version)
         CROSS JOIN LATERAL (SELECT * FROM tenants t WHERE t.id = u.tenant LIMIT 1) t  -- tenants_pkey
         CROSS JOIN LATERAL (SELECT * FROM webhooks w WHERE w.tenant_id = u.tenant AND w.version > u.version
                ORDER BY w.tenant_id, w.version OFFSET 0) w               -- webhooks_changes
         CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(kind), '{}') AS kinds, coalesce(array_agg(sealed), '{}') AS sealed,
                       coalesce(array_agg(created_at), '{}') AS created, coalesce(array_agg(valid_until), '{}') AS valid
                  FROM (SELECT * FROM webhook_secrets s WHERE s.webhook_id = w.id  -- webhook_secrets_pkey
                           AND (s.valid_until IS NULL OR s.valid_until > now())
                         ORDER BY s.kind, s.created_at DESC) s) s
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

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> SubscriberRow {
        try SubscriberRow(row)
    }
}
