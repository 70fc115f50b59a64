public import Postgres
public import Webhooks

/// Martlet itself switches a webhook off (410, lasting failure). No row: it was off already, or is deleted.
///
/// By the owner, in a flush that ends with ``RequireShards``; ``NotifyWakes`` after the commit.
public struct DisableWebhook: Statement {
    public static let sql = """
        WITH v AS (
          UPDATE tenants SET webhooks_version = webhooks_version + 1      -- tenants_pkey
           WHERE id = $1 AND EXISTS (SELECT FROM webhooks w WHERE w.id = $2 AND w.tenant_id = $1
                   AND w.deleted_at IS NULL AND w.configuration->'isEnabled' = 'true')
          RETURNING id, shard, webhooks_version),
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM v),
        audit AS (INSERT INTO webhook_changes (webhook_id, id, tenant_id, changed_by, changes)
                  SELECT $2, $4, id, 'martlet', '[{"member":"isEnabled","from":true,"to":false}]' FROM v)
        UPDATE webhooks w SET configuration = jsonb_set(w.configuration, '{isEnabled}', 'false'), disabled_reason = $3,
               version = v.webhooks_version, updated_at = now()
          FROM v WHERE w.id = $2 AND w.tenant_id = $1 AND w.deleted_at IS NULL  -- webhooks_listed
        RETURNING w.version
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID
    /// Shown as `disabledReason`; words of ours.
    public let reason: String
    let audit = AuditEntry.ID()

    public init(id: Webhook.ID, tenant: Tenant.ID, reason: String) {
        self.id = id
        self.tenant = tenant
        self.reason = reason
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(id)
        parameters.append(reason.storable(limit: 500))
        parameters.append(audit)
    }

    /// The webhook's new version.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}
