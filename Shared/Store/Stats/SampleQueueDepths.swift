public import Postgres
public import Webhooks

/// Notes in this minute's counters how much waits for each webhook of some shards; of several looks in a minute the
/// most counts. A webhook for which nothing waits has no row.
public struct SampleQueueDepths: Statement {
    public static let sql = """
        INSERT INTO delivery_stats AS x (shard, webhook_id, minute, tenant_id, queue_depth)
        SELECT u.shard, d.webhook_id, date_trunc('minute', now(), 'UTC'), d.tenant_id,
               least(d.count, 2147483647)::int
          FROM unnest($1) u(shard) CROSS JOIN LATERAL (
               SELECT d.webhook_id, min(d.tenant_id::text)::uuid AS tenant_id, count(*) AS count
                 FROM deliveries d WHERE d.shard = u.shard GROUP BY d.webhook_id) d  -- deliveries_pkey
         ORDER BY u.shard, d.webhook_id
        ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET             -- delivery_stats_pkey
               queue_depth = EXCLUDED.queue_depth WHERE x.queue_depth < EXCLUDED.queue_depth
        """

    public let shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public func bind(_ parameters: inout Parameters) { parameters.append(shards) }
}
