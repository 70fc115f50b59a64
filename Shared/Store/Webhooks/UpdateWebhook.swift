public import Postgres
public import Webhooks

/// Changes a webhook, raises the tenant's version and writes the wake. No row: there is no such webhook, or it is no
/// longer at ``version``.
///
/// Also, with the same configuration, after a secret was saved: owners read secrets again when the version moves.
/// After ``SetTenantContext``; ``NotifyWakes`` after the commit.
public struct UpdateWebhook: Statement {
    public static let sql = """
        WITH v AS (
          UPDATE tenants SET webhooks_version = webhooks_version + 1      -- tenants_pkey
           WHERE id = $1 AND deleted_at IS NULL AND EXISTS (SELECT FROM webhooks w
                   WHERE w.id = $2 AND w.tenant_id = $1 AND w.version = $3 AND w.deleted_at IS NULL)
          RETURNING id, shard, webhooks_version),
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM v)
        UPDATE webhooks w SET configuration = $4, disabled_reason = $5, version = v.webhooks_version, updated_at = now()
          -- webhooks_listed
          FROM v WHERE w.id = $2 AND w.tenant_id = $1 AND w.version = $3 AND w.deleted_at IS NULL
        RETURNING w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID
    /// The version that the change is based on.
    public let version: Int64
    public let configuration: WebhookConfiguration
    /// Nil clears it: whoever enables a webhook gives nil.
    public let disabledReason: String?

    public init(
        id: Webhook.ID, tenant: Tenant.ID, version: Int64, configuration: WebhookConfiguration,
        disabledReason: String? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.version = version
        self.configuration = configuration
        self.disabledReason = disabledReason
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(id)
        parameters.append(version)
        parameters.append(PostgresJSON(encoding: configuration))
        parameters.append(disabledReason)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook { try Webhook(row) }
}
