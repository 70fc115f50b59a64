public import Postgres
public import Webhooks

/// Deletes of `invocations_kept` what is no longer among the newest ``KeepInvocations/count`` of some webhooks, and all
/// of deleted ones.
///
/// Gives the last webhook that it looked at; none when there are no more behind it.
public struct TrimKeptInvocations: Statement {
    public static let sql = """
        WITH w AS MATERIALIZED (
          SELECT id, shard, deleted_at FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2),  -- webhooks_pkey
        gone AS (
          DELETE FROM invocations_kept WHERE ctid = ANY (ARRAY(
            SELECT k.ctid FROM w CROSS JOIN LATERAL (
                   SELECT n.id FROM (
                          (SELECT id FROM invocations i
                            WHERE i.shard = w.shard AND i.webhook_id = w.id  -- invocations_pkey
                              AND i.id >= (SELECT invocations_since FROM horizons WHERE one)
                            ORDER BY id DESC LIMIT $3)
                           UNION ALL
                          (SELECT id FROM invocations_kept i
                            WHERE i.shard = w.shard AND i.webhook_id = w.id  -- invocations_kept_pkey
                              AND i.id < (SELECT invocations_since FROM horizons WHERE one)
                            ORDER BY id DESC LIMIT $3)) n
                    ORDER BY n.id DESC OFFSET $3 - 1 LIMIT 1) last
             CROSS JOIN LATERAL (
                   SELECT k.ctid FROM invocations_kept k
                    WHERE k.shard = w.shard AND k.webhook_id = w.id AND k.id < last.id
                    ORDER BY k.id OFFSET 0) k
             WHERE w.deleted_at IS NULL
            UNION ALL
            SELECT k.ctid FROM w CROSS JOIN LATERAL (
                   SELECT k.ctid FROM invocations_kept k WHERE k.shard = w.shard AND k.webhook_id = w.id
                    ORDER BY k.id OFFSET 0) k
             WHERE w.deleted_at IS NOT NULL)))
        SELECT id FROM w ORDER BY id DESC LIMIT 1
        """

    /// Webhooks past this one.
    public let after: Webhook.ID
    /// Webhooks at most.
    public let limit: Int

    public init(after: Webhook.ID, limit: Int) {
        self.after = after
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
        parameters.append(KeepInvocations.count)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook.ID { try row.column(0) }
}
