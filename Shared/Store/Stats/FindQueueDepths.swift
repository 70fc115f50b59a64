public import Postgres
public import Webhooks

/// How much waited for a tenant's webhooks, or for one of them, in buckets of time, oldest first: of each bucket the
/// minute with most. Where the minutes are gone, it is the most of each webhook within an hour, added up. A bucket in
/// which nothing waited has no row.
public struct FindQueueDepths: Statement {
    public static let sql = """
        SELECT date_trunc($6, m.minute, 'UTC') AS start, max(m.depth)
          FROM (SELECT s.minute, sum(s.queue_depth)::bigint AS depth
                  FROM (SELECT w.id FROM webhooks w WHERE w.tenant_id = $2 AND w.deleted_at IS NULL  -- webhooks_listed
                           AND ($3::uuid IS NULL OR w.id = $3) OFFSET 0) w
                 CROSS JOIN LATERAL (
                       (SELECT s.minute, s.queue_depth FROM delivery_stats s
                         WHERE s.shard = $1 AND s.webhook_id = w.id       -- delivery_stats_pkey
                           AND s.tenant_id = $2 AND s.minute >= $4 AND s.minute < $5
                         ORDER BY s.webhook_id, s.minute OFFSET 0)
                        UNION ALL
                       (SELECT s.minute, s.queue_depth FROM hourly_stats s
                         WHERE s.shard = $1 AND s.webhook_id = w.id       -- hourly_stats_pkey
                           AND s.tenant_id = $2 AND s.minute >= date_trunc('hour', $4, 'UTC') AND s.minute < $5
                           AND s.minute < (SELECT minutes_since FROM horizons WHERE one) AND $6 <> 'minute'
                         ORDER BY s.webhook_id, s.minute OFFSET 0)) s
                 WHERE s.queue_depth > 0 GROUP BY s.minute) m
         GROUP BY start ORDER BY start
        """

    public struct Row: Sendable, Hashable {
        public let start: Instant
        public let depth: Int
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    /// Nil: all of them.
    public let webhook: Webhook.ID?
    public let since: Instant
    /// The first minute that is not among them.
    public let until: Instant
    public let interval: FindStatsBuckets.Interval

    public init(
        shard: Shard, tenant: Tenant.ID, webhook: Webhook.ID? = nil, since: Instant, until: Instant,
        interval: FindStatsBuckets.Interval
    ) {
        self.shard = shard
        self.tenant = tenant
        self.webhook = webhook
        self.since = since
        self.until = until
        self.interval = interval
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhook)
        parameters.append(since)
        parameters.append(until)
        parameters.append(interval.rawValue)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(start: try row.column(0), depth: try row.column(1))
    }
}
