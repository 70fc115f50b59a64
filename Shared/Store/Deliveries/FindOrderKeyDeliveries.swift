public import Postgres
public import Webhooks

/// Rows of one order key of a lane, from its head: after it was blocked.
public struct FindOrderKeyDeliveries: Statement {
    public static let sql = """
        SELECT shard, webhook_id, due_at, not_before, id, tenant_id, event_id, order_key, attempt, trigger
          FROM deliveries
         WHERE shard = $1 AND webhook_id = $2 AND order_key = $3          -- deliveries_ordered
         ORDER BY due_at, id LIMIT $4
        """

    public let shard: Shard
    public let webhook: Webhook.ID
    public let orderKey: Int64
    /// Rows at most.
    public let limit: Int

    public init(shard: Shard, webhook: Webhook.ID, orderKey: Int64, limit: Int) {
        self.shard = shard
        self.webhook = webhook
        self.orderKey = orderKey
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(orderKey)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery {
        try Delivery(row, shard: row.column(0), webhook: row.column(1), from: 2)
    }
}
