public import Postgres
public import Webhooks

/// Copies to `invocations_kept` what a day has of the newest ``count`` invocations of some webhooks, before the day
/// goes. The same however often.
///
/// Gives the last webhook that it looked at; none when there are no more behind it.
public struct KeepInvocations: Statement {
    public static let sql = """
        WITH w AS MATERIALIZED (
          SELECT id, shard, deleted_at FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2),  -- webhooks_pkey
        kept AS (
          INSERT INTO invocations_kept
          SELECT i.* FROM w CROSS JOIN LATERAL (
                 SELECT i.* FROM invocations i WHERE i.shard = w.shard AND i.webhook_id = w.id  -- invocations_pkey
                  ORDER BY i.id DESC LIMIT $3) i
           WHERE w.deleted_at IS NULL AND i.id < ulid_floor($5)
             AND EXISTS (SELECT FROM invocations o WHERE o.shard = w.shard AND o.webhook_id = w.id
                            AND o.id >= ulid_floor($4) AND o.id < ulid_floor($5))
          ON CONFLICT DO NOTHING)
        SELECT id FROM w ORDER BY id DESC LIMIT 1
        """

    /// Invocations of a webhook that survive.
    public static let count = 50

    public let day: Partition
    /// Webhooks past this one.
    public let after: Webhook.ID
    /// Webhooks at most.
    public let limit: Int

    public init(of day: Partition, after: Webhook.ID, limit: Int) {
        self.day = day
        self.after = after
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
        parameters.append(Self.count)
        parameters.append(day.day)
        parameters.append(day.end)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook.ID { try row.column(0) }
}
