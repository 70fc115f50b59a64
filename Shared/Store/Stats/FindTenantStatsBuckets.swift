public import Postgres
public import Webhooks

/// The counters of all webhooks of a tenant, deleted ones too, in buckets of time, oldest first; a bucket with nothing
/// has no row.
public struct FindTenantStatsBuckets: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums),
               date_trunc($5, minute, 'UTC') AS start
          FROM (SELECT id FROM webhooks w WHERE w.tenant_id = $2          -- webhooks_changes
                 ORDER BY w.tenant_id, w.version OFFSET 0) w
         CROSS JOIN LATERAL (
               (SELECT * FROM delivery_stats s                         -- delivery_stats_pkey
                 WHERE s.shard = $1 AND s.webhook_id = w.id
                   AND s.tenant_id = $2 AND s.minute >= $3 AND s.minute < $4
                 ORDER BY s.webhook_id, s.minute OFFSET 0)
                UNION ALL                                      -- where the minutes are gone: hourly_stats_pkey
               (SELECT * FROM hourly_stats s WHERE s.shard = $1 AND s.webhook_id = w.id
                   AND s.tenant_id = $2 AND s.minute >= date_trunc('hour', $3, 'UTC') AND s.minute < $4
                   AND s.minute < (SELECT minutes_since FROM horizons WHERE one) AND $5 = 'hour'
                 ORDER BY s.webhook_id, s.minute OFFSET 0)
                UNION ALL                                                 -- daily_stats_pkey
               (SELECT * FROM daily_stats s WHERE s.shard = $1 AND s.webhook_id = w.id
                   AND s.tenant_id = $2 AND s.minute >= date_trunc('day', $3, 'UTC') AND s.minute < $4
                   AND s.minute < (SELECT minutes_since FROM horizons WHERE one) AND $5 = 'day'
                 ORDER BY s.webhook_id, s.minute OFFSET 0)) s
         GROUP BY start ORDER BY start
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    public let since: Instant
    /// The first minute that is not among them.
    public let until: Instant
    public let interval: FindStatsBuckets.Interval

    public init(
        shard: Shard, tenant: Tenant.ID, since: Instant, until: Instant, interval: FindStatsBuckets.Interval
    ) {
        self.shard = shard
        self.tenant = tenant
        self.since = since
        self.until = until
        self.interval = interval
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(since)
        parameters.append(until)
        parameters.append(interval.rawValue)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> FindStatsBuckets.Row {
        FindStatsBuckets.Row(start: try row.column(8), counts: try DeliveryCounts(row))
    }
}
