public import Postgres
public import Webhooks

/// How many deliveries of each of some webhooks of a tenant are pending, and which is the oldest. One for which nothing
/// waits has no row.
public struct MeasureQueues: Statement {
    public static let sql = """
        SELECT u.webhook, d.count, d.oldest::uuid
          FROM unnest($3) u(webhook) CROSS JOIN LATERAL (
               SELECT count(*) AS count, min(d.id::text) AS oldest FROM deliveries d
                WHERE d.shard = $1 AND d.webhook_id = u.webhook AND d.tenant_id = $2) d  -- deliveries_pkey
         WHERE d.count > 0
        """

    public struct Row: Sendable, Hashable {
        public let webhook: Webhook.ID
        public let queue: MeasureQueue.Row
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhooks: [Webhook.ID]

    public init(shard: Shard, tenant: Tenant.ID, webhooks: [Webhook.ID]) {
        self.shard = shard
        self.tenant = tenant
        self.webhooks = webhooks
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhooks)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            webhook: try row.column(0), queue: MeasureQueue.Row(depth: try row.column(1), oldest: try row.column(2)))
    }
}
