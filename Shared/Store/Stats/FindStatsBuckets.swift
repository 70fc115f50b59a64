public import Postgres
public import Webhooks

/// The counters of some webhooks of a tenant in buckets of time, oldest first; a bucket with nothing has no row.
public struct FindStatsBuckets: Statement {
    public static let sql = """
        SELECT coalesce(sum(succeeded), 0)::bigint, coalesce(sum(failed), 0)::bigint,
               coalesce(sum(debounced), 0)::bigint, coalesce(sum(discarded), 0)::bigint,
               coalesce(sum(duration_ms), 0)::bigint,
               ARRAY[
                 coalesce(sum(d0), 0), coalesce(sum(d1), 0), coalesce(sum(d2), 0), coalesce(sum(d3), 0),
                 coalesce(sum(d4), 0), coalesce(sum(d5), 0), coalesce(sum(d6), 0), coalesce(sum(d7), 0),
                 coalesce(sum(d8), 0), coalesce(sum(d9), 0), coalesce(sum(d10), 0), coalesce(sum(d11), 0),
                 coalesce(sum(d12), 0), coalesce(sum(d13), 0), coalesce(sum(d14), 0), coalesce(sum(d15), 0)]::bigint[],
               ARRAY[
                 coalesce(sum(l0), 0), coalesce(sum(l1), 0), coalesce(sum(l2), 0), coalesce(sum(l3), 0),
                 coalesce(sum(l4), 0), coalesce(sum(l5), 0), coalesce(sum(l6), 0), coalesce(sum(l7), 0),
                 coalesce(sum(l8), 0), coalesce(sum(l9), 0), coalesce(sum(l10), 0), coalesce(sum(l11), 0),
                 coalesce(sum(l12), 0), coalesce(sum(l13), 0), coalesce(sum(l14), 0), coalesce(sum(l15), 0)]::bigint[],
               ARRAY[
                 coalesce(sum(e0), 0), coalesce(sum(e1), 0), coalesce(sum(e2), 0), coalesce(sum(e3), 0),
                 coalesce(sum(e4), 0), coalesce(sum(e5), 0), coalesce(sum(e6), 0), coalesce(sum(e7), 0),
                 coalesce(sum(e8), 0), coalesce(sum(e9), 0), coalesce(sum(e10), 0), coalesce(sum(e11), 0),
                 coalesce(sum(e12), 0), coalesce(sum(e13), 0), coalesce(sum(e14), 0), coalesce(sum(e15), 0)]::bigint[],
               date_trunc($6, minute, 'UTC') AS start
          FROM unnest($3) u(webhook) CROSS JOIN LATERAL (
               SELECT * FROM delivery_stats s WHERE s.shard = $1 AND s.webhook_id = u.webhook  -- delivery_stats_pkey
                  AND s.tenant_id = $2 AND s.minute >= $4 AND s.minute < $5
                ORDER BY s.webhook_id, s.minute OFFSET 0) s
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
