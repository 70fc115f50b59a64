public import Postgres
public import Webhooks

/// The counters of some webhooks of a tenant in buckets of time, oldest first; a bucket with nothing has no row.
public struct FindStatsBuckets: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums),
               date_trunc($6, minute, 'UTC') AS start
          FROM unnest($3) u(webhook) CROSS JOIN LATERAL (
               (SELECT * FROM delivery_stats s                         -- delivery_stats_pkey
                 WHERE s.shard = $1 AND s.webhook_id = u.webhook
                   AND s.tenant_id = $2 AND s.minute >= $4 AND s.minute < $5
                 ORDER BY s.webhook_id, s.minute OFFSET 0)
                UNION ALL                                      -- where the minutes are gone: hourly_stats_pkey
               (SELECT * FROM hourly_stats s WHERE s.shard = $1 AND s.webhook_id = u.webhook
                   AND s.tenant_id = $2 AND s.minute >= date_trunc('hour', $4, 'UTC') AND s.minute < $5
                   AND s.minute < (SELECT minutes_since FROM horizons WHERE one) AND $6 = 'hour'
                 ORDER BY s.webhook_id, s.minute OFFSET 0)
                UNION ALL                                                 -- daily_stats_pkey
               (SELECT * FROM daily_stats s WHERE s.shard = $1 AND s.webhook_id = u.webhook
                   AND s.tenant_id = $2 AND s.minute >= date_trunc('day', $4, 'UTC') AND s.minute < $5
                   AND s.minute < (SELECT minutes_since FROM horizons WHERE one) AND $6 = 'day'
                 ORDER BY s.webhook_id, s.minute OFFSET 0)) s
         GROUP BY start ORDER BY start
        """

    /// How wide a bucket is; raw values are those of the API.
    public enum Interval: String, Sendable, Hashable, CaseIterable { case minute, hour, day }

    public struct Row: Sendable, Hashable {
        public let start: Instant
        public let counts: DeliveryCounts
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhooks: [Webhook.ID]
    public let since: Instant
    /// The first minute that is not among them.
    public let until: Instant
    public let interval: Interval

    public init(
        shard: Shard, tenant: Tenant.ID, webhooks: [Webhook.ID], since: Instant, until: Instant, interval: Interval
    ) {
        self.shard = shard
        self.tenant = tenant
        self.webhooks = webhooks
        self.since = since
        self.until = until
        self.interval = interval
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhooks)
        parameters.append(since)
        parameters.append(until)
        parameters.append(interval.rawValue)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(start: try row.column(8), counts: try DeliveryCounts(row))
    }
}
