public import Postgres
public import Webhooks

/// Remembers what a tenant is told of a webhook, in the transaction that tells it: it aborts with
/// ``SQLState/alertKnown`` where that was told already, so each change is told once.
public struct SaveWebhookAlert: Statement {
    public static let sql = """
        WITH saved AS (
          INSERT INTO webhook_alerts AS a (shard, webhook_id, tenant_id, level) VALUES ($1, $2, $3, $4)
          ON CONFLICT (shard, webhook_id) DO UPDATE SET level = EXCLUDED.level, told_at = now()  -- webhook_alerts_pkey
           WHERE a.level < EXCLUDED.level RETURNING 1)
        SELECT require(EXISTS (SELECT FROM saved), 'MA006')
        """

    public let webhook: Webhook
    /// 1 failing, 2 about to be disabled.
    public let level: Int16

    public init(of webhook: Webhook, level: Int16) {
        self.webhook = webhook
        self.level = level
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook.shard)
        parameters.append(webhook.id)
        parameters.append(webhook.tenantID)
        parameters.append(level)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
