public import Postgres
public import Webhooks

/// Forgets it: the webhook works again, and the tenant is told so in the same transaction; aborts with
/// ``SQLState/alertKnown`` where that was told already.
public struct DeleteWebhookAlert: Statement {
    public static let sql = """
        WITH gone AS (
          DELETE FROM webhook_alerts WHERE shard = $1 AND webhook_id = $2 RETURNING 1)  -- webhook_alerts_pkey
        SELECT require(EXISTS (SELECT FROM gone), 'MA006')
        """

    public let webhook: Webhook

    public init(of webhook: Webhook) { self.webhook = webhook }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook.shard)
        parameters.append(webhook.id)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
