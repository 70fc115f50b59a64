public import Postgres
public import Webhooks

/// The counters of each of some webhooks of a tenant, summed over a span of minutes; where the minutes are gone, over
/// its hours. One with nothing has no row.
public struct SumStatsOfWebhooks: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums),
               u.webhook
          FROM unnest($3) u(webhook) CROSS JOIN LATERAL (
               (SELECT * FROM delivery_stats s  -- delivery_stats_pkey
                 WHERE s.shard = $1 AND s.webhook_id = u.webhook
                   AND s.tenant_id = $2 AND s.minute >= $4 AND s.minute < $5
                 ORDER BY s.webhook_id, s.minute OFFSET 0)
                UNION ALL
               (SELECT * FROM hourly_stats s    -- hourly_stats_pkey
                 WHERE s.shard = $1 AND s.webhook_id = u.webhook
                   AND s.tenant_id = $2 AND s.minute >= date_trunc('hour', $4, 'UTC') AND s.minute < $5
                   AND s.minute < (SELECT minutes_since FROM horizons WHERE one)
                 ORDER BY s.webhook_id, s.minute OFFSET 0)) s
         GROUP BY u.webhook
        """

    public struct Row: Sendable, Hashable {
        public let webhook: Webhook.ID
        public let counts: DeliveryCounts
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhooks: [Webhook.ID]
    public let since: Instant
    /// The first minute that is not among them.
    public let until: Instant

    public init(shard: Shard, tenant: Tenant.ID, webhooks: [Webhook.ID], since: Instant, until: Instant) {
        self.shard = shard
        self.tenant = tenant
        self.webhooks = webhooks
        self.since = since
        self.until = until
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhooks)
        parameters.append(since)
        parameters.append(until)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(webhook: try row.column(8), counts: try DeliveryCounts(row))
    }
}
