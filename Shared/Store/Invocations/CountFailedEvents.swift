public import Postgres
public import Webhooks

/// How many different events a webhook's failed requests since an instant were made for, up to a limit. One row.
///
/// Of the last 5 000 failures: more than any breaker lets through in five days.
public struct CountFailedEvents: Statement {
    public static let sql = """
        SELECT count(*) FROM (
          SELECT DISTINCT event_id FROM (
            SELECT event_id FROM invocations i                            -- invocations_failed
             WHERE shard = $1 AND webhook_id = $2 AND id >= $3 AND outcome <> 0 AND outcome = 1 AND trigger <> 3
             ORDER BY id DESC LIMIT 5000) i
           LIMIT $4) e
        """

    public let shard: Shard
    public let webhook: Webhook.ID
    public let since: Instant
    /// Nobody wants to know of more.
    public let limit: Int

    public init(shard: Shard, webhook: Webhook.ID, since: Instant, limit: Int) {
        self.shard = shard
        self.webhook = webhook
        self.since = since
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(Invocation.ID.first(of: since))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
