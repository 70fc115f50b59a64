public import Postgres
public import Webhooks

/// Marks a webhook deleted, raises the tenant's version and writes the wake; the owner empties its lane. No row: there
/// is no such webhook, or it is no longer at ``version``.
///
/// Its secrets go at once. After ``SetTenantContext``; ``NotifyWakes`` after the commit.
public struct DeleteWebhook: Statement {
    public static let sql = """
        WITH v AS (
          UPDATE tenants SET webhooks_version = webhooks_version + 1      -- tenants_pkey
           WHERE id = $1 AND deleted_at IS NULL AND EXISTS (SELECT FROM webhooks w WHERE w.id = $2 AND w.tenant_id = $1
                   AND w.deleted_at IS NULL AND ($3::bigint IS NULL OR w.version = $3))
          RETURNING id, shard, webhooks_version),
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM v),
        gone AS (
          UPDATE webhooks w SET deleted_at = now(), updated_at = now(), version = v.webhooks_version FROM v
           WHERE w.id = $2 AND w.tenant_id = $1 AND w.deleted_at IS NULL  -- webhooks_listed
             AND ($3::bigint IS NULL OR w.version = $3) RETURNING w.id),
        secrets AS (
          DELETE FROM webhook_secrets s USING gone WHERE s.webhook_id = gone.id)  -- webhook_secrets_pkey
        SELECT id FROM gone
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID
    /// Nil: whatever it is.
    public let version: Int64?

    public init(id: Webhook.ID, tenant: Tenant.ID, version: Int64? = nil) {
        self.id = id
        self.tenant = tenant
        self.version = version
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(id)
        parameters.append(version)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook.ID { try row.column(0) }
}
