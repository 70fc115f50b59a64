public import Postgres
public import Webhooks

/// Adds a webhook, raises the tenant's version and writes the wake. No row: the tenant is gone or has its limit.
///
/// After ``SetTenantContext`` and, where there is a limit, ``LockTenant``; ``NotifyWakes`` after the commit.
public struct CreateWebhook: Statement {
    public static let sql = """
        WITH v AS (
          UPDATE tenants SET webhooks_version = webhooks_version + 1      -- tenants_pkey
           WHERE id = $1 AND deleted_at IS NULL AND ($4::bigint IS NULL OR $4 >
                 -- webhooks_listed
                 (SELECT count(*) FROM webhooks w WHERE w.tenant_id = $1 AND w.deleted_at IS NULL))
          RETURNING id, shard, webhooks_version),
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM v)
        INSERT INTO webhooks (id, tenant_id, shard, version, configuration)
        SELECT $2, v.id, v.shard, v.webhooks_version, $3 FROM v
        RETURNING id, tenant_id, shard, configuration, disabled_reason, version, created_at, updated_at
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID
    public let configuration: WebhookConfiguration
    /// Webhooks that the tenant may have; nil: no limit.
    public let limit: Int?

    public init(
        id: Webhook.ID = Webhook.ID(), tenant: Tenant.ID, configuration: WebhookConfiguration, limit: Int? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.configuration = configuration
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(id)
        parameters.append(PostgresJSON(encoding: configuration))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook { try Webhook(row) }
}
