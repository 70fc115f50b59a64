public import Postgres
public import Webhooks

/// How many deliveries of replays a webhook has pending: while there are many, no more are added.
public struct CountReplayDeliveries: Statement {
    public static let sql = """
        SELECT count(*) FILTER (WHERE greatest(due_at, not_before) <= now()), count(*) FROM (
          SELECT due_at, not_before FROM deliveries                       -- deliveries_again
           WHERE shard = $1 AND webhook_id = $2 AND trigger <> 0 AND trigger = $3 LIMIT $4) d
        """

    public struct Row: Sendable, Hashable {
        /// Those that may go now.
        public let due: Int
        /// All of them, those that are tried again later included; ``CountReplayDeliveries/limit`` at most.
        public let pending: Int

        public init(due: Int, pending: Int) {
            self.due = due
            self.pending = pending
        }
    }

    public let shard: Shard
    public let webhook: Webhook.ID
    /// Rows that are counted at most.
    public let limit: Int

    public init(shard: Shard, webhook: Webhook.ID, limit: Int) {
        self.shard = shard
        self.webhook = webhook
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(Delivery.Trigger.replay)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(due: try row.column(0), pending: try row.column(1))
    }
}
