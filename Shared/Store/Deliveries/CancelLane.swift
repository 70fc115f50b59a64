public import Postgres
public import Webhooks

/// Empties the lane of a webhook that is deleted or unknown, some rows at a time: its owner, fenced like a flush.
public struct CancelLane: Statement {
    public static let sql = """
        DELETE FROM deliveries WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM deliveries WHERE shard = $1 AND webhook_id = $2  -- deliveries_pkey
           ORDER BY due_at, id LIMIT $3))
        RETURNING id
        """

    public let shard: Shard
    public let webhook: Webhook.ID
    /// Rows at most.
    public let limit: Int

    public init(shard: Shard, webhook: Webhook.ID, limit: Int = 1000) {
        self.shard = shard
        self.webhook = webhook
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(limit)
    }

    /// The ids that are gone: fewer than ``limit`` when the lane is empty.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery.ID { try row.column(0) }
}
