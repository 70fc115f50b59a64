public import Postgres
public import Webhooks

/// How many deliveries are pending in some shards, by state, and how long the oldest due one waits. Exactly one row.
///
/// Every pending row is counted, in the order of the index: about a quarter of a second a million. A few shards a
/// statement keep each one short.
public struct SampleQueue: Statement {
    public static let sql = """
        SELECT coalesce(sum(q.count) FILTER (WHERE q.enabled AND q.state = 'due'), 0)::bigint,
               coalesce(sum(q.count) FILTER (WHERE q.enabled AND q.state = 'scheduled'), 0)::bigint,
               coalesce(sum(q.count) FILTER (WHERE NOT q.enabled), 0)::bigint,
               extract(epoch FROM now() - min(q.oldest) FILTER (WHERE q.enabled AND q.state = 'due'))::float8
          FROM (SELECT d.*,
                       coalesce(w.deleted_at IS NOT NULL OR w.configuration->'isEnabled' = 'true', true) AS enabled
                  FROM unnest($1) u(shard) CROSS JOIN LATERAL (
                       SELECT d.webhook_id, count(*) AS count, min(d.due_at) AS oldest,
                              CASE WHEN greatest(d.due_at, d.not_before) > now() THEN 'scheduled' ELSE 'due' END state
                         FROM deliveries d WHERE d.shard = u.shard GROUP BY d.webhook_id, state) d  -- deliveries_pkey
                  LEFT JOIN LATERAL (SELECT configuration, deleted_at FROM webhooks w
                        WHERE w.id = d.webhook_id LIMIT 1) w ON true) q   -- webhooks_pkey
        """

    public struct Row: Sendable, Hashable {
        public let due: Int
        public let scheduled: Int
        /// Of webhooks that are not active.
        public let held: Int
        /// Seconds since the oldest due delivery fell due; nil where none is due.
        public let oldestDueAge: Double?
    }

    public let shards: [Shard]

    public init(shards: [Shard] = Shard.all) { self.shards = shards }

    public func bind(_ parameters: inout Parameters) { parameters.append(shards) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let age: Double? = try row.optional(3)
        return Row(
            due: try row.column(0), scheduled: try row.column(1), held: try row.column(2),
            oldestDueAge: age.map { max(0, $0) })
    }
}
