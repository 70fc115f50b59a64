public import Postgres
public import Webhooks

/// The first row of every lane of some shards: at take-over, after any lost connection, then as a slow patrol.
///
/// It skips from webhook to webhook in the index, however many rows lie between.
public struct FindLaneHeads: Statement {
    public static let sql = """
        WITH RECURSIVE s AS (
          (SELECT h.* FROM unnest($1) o(shard) CROSS JOIN LATERAL (
             SELECT d.shard, d.webhook_id, d.due_at, d.id FROM deliveries d  -- deliveries_pkey
              WHERE d.shard = o.shard ORDER BY d.shard, d.webhook_id, d.due_at, d.id LIMIT 1) h)
          UNION ALL
          SELECT n.* FROM s CROSS JOIN LATERAL (
             SELECT d.shard, d.webhook_id, d.due_at, d.id FROM deliveries d  -- deliveries_pkey
              WHERE d.shard = s.shard AND d.webhook_id > s.webhook_id
              ORDER BY d.shard, d.webhook_id, d.due_at, d.id LIMIT 1) n)
        SELECT shard, webhook_id, due_at, id FROM s
        """

    public struct Row: Sendable, Hashable {
        public let shard: Shard
        public let webhookID: Webhook.ID
        public let dueAt: Instant
        public let deliveryID: Delivery.ID
    }

    public let shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(shards) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            shard: try row.column(0), webhookID: try row.column(1), dueAt: try row.column(2),
            deliveryID: try row.column(3))
    }
}
