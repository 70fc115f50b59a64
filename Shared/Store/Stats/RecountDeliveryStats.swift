public import Postgres
public import Webhooks

/// Counts the open minutes of some shards again from the history: at take-over, before the new owner adds anything.
///
/// What the last owner had counted and not yet added is in it.
public struct RecountDeliveryStats: Statement {
    public static let sql = """
        WITH i AS (
          SELECT i.shard, i.webhook_id, i.tenant_id, date_trunc('minute', i.started_at, 'UTC') AS minute, i.outcome,
                 i.error_class, i.duration_ms,
                 CASE WHEN i.outcome < 2 THEN width_bucket(i.duration_ms - 1, $3) END AS d,
                 CASE WHEN i.outcome < 2 AND i.attempt = 1 AND i.trigger = 0 THEN
                      width_bucket(least(greatest(floor(extract(epoch FROM i.started_at) * 1000)
                                         - ulid_milliseconds(i.event_id), 0), 2147483647)::int - 1, $3) END AS l
            FROM unnest($1) o(owned) CROSS JOIN LATERAL (
                 SELECT * FROM invocations i WHERE i.shard = o.owned AND i.id >= ulid_floor($2)  -- invocations_id
                  ORDER BY i.shard, i.id OFFSET 0) i
           WHERE i.started_at >= $2 AND i.trigger <> 3)
        INSERT INTO delivery_stats AS x (
               shard, webhook_id, minute, tenant_id, succeeded, failed, debounced, discarded, duration_ms, d0, d1, d2,
               d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
               l11, l12, l13, l14, l15, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15)
        SELECT shard, webhook_id, minute, tenant_id,
               count(*) FILTER (WHERE outcome = 0), count(*) FILTER (WHERE outcome = 1),
               count(*) FILTER (WHERE outcome = 2), count(*) FILTER (WHERE outcome = 3),
               coalesce(sum(duration_ms) FILTER (WHERE outcome < 2), 0), count(*) FILTER (WHERE d = 0),
               count(*) FILTER (WHERE d = 1), count(*) FILTER (WHERE d = 2), count(*) FILTER (WHERE d = 3),
               count(*) FILTER (WHERE d = 4), count(*) FILTER (WHERE d = 5), count(*) FILTER (WHERE d = 6),
               count(*) FILTER (WHERE d = 7), count(*) FILTER (WHERE d = 8), count(*) FILTER (WHERE d = 9),
               count(*) FILTER (WHERE d = 10), count(*) FILTER (WHERE d = 11), count(*) FILTER (WHERE d = 12),
               count(*) FILTER (WHERE d = 13), count(*) FILTER (WHERE d = 14), count(*) FILTER (WHERE d = 15),
               count(*) FILTER (WHERE l = 0), count(*) FILTER (WHERE l = 1), count(*) FILTER (WHERE l = 2),
               count(*) FILTER (WHERE l = 3), count(*) FILTER (WHERE l = 4), count(*) FILTER (WHERE l = 5),
               count(*) FILTER (WHERE l = 6), count(*) FILTER (WHERE l = 7), count(*) FILTER (WHERE l = 8),
               count(*) FILTER (WHERE l = 9), count(*) FILTER (WHERE l = 10), count(*) FILTER (WHERE l = 11),
               count(*) FILTER (WHERE l = 12), count(*) FILTER (WHERE l = 13), count(*) FILTER (WHERE l = 14),
               count(*) FILTER (WHERE l = 15), count(*) FILTER (WHERE error_class = 0),
               count(*) FILTER (WHERE error_class = 1), count(*) FILTER (WHERE error_class = 2),
               count(*) FILTER (WHERE error_class = 3), count(*) FILTER (WHERE error_class = 4),
               count(*) FILTER (WHERE error_class = 5), count(*) FILTER (WHERE error_class = 6),
               count(*) FILTER (WHERE error_class = 7), count(*) FILTER (WHERE error_class = 8),
               count(*) FILTER (WHERE error_class = 9), count(*) FILTER (WHERE error_class = 10),
               count(*) FILTER (WHERE error_class = 11), count(*) FILTER (WHERE error_class = 12),
               count(*) FILTER (WHERE error_class = 13), count(*) FILTER (WHERE error_class = 14),
               count(*) FILTER (WHERE error_class = 15)
          FROM i GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
        ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET             -- delivery_stats_pkey
               succeeded = EXCLUDED.succeeded, failed = EXCLUDED.failed, debounced = EXCLUDED.debounced,
               discarded = EXCLUDED.discarded, duration_ms = EXCLUDED.duration_ms, d0 = EXCLUDED.d0, d1 = EXCLUDED.d1,
               d2 = EXCLUDED.d2, d3 = EXCLUDED.d3, d4 = EXCLUDED.d4, d5 = EXCLUDED.d5, d6 = EXCLUDED.d6,
               d7 = EXCLUDED.d7, d8 = EXCLUDED.d8, d9 = EXCLUDED.d9, d10 = EXCLUDED.d10, d11 = EXCLUDED.d11,
               d12 = EXCLUDED.d12, d13 = EXCLUDED.d13, d14 = EXCLUDED.d14, d15 = EXCLUDED.d15, l0 = EXCLUDED.l0,
               l1 = EXCLUDED.l1, l2 = EXCLUDED.l2, l3 = EXCLUDED.l3, l4 = EXCLUDED.l4, l5 = EXCLUDED.l5,
               l6 = EXCLUDED.l6, l7 = EXCLUDED.l7, l8 = EXCLUDED.l8, l9 = EXCLUDED.l9, l10 = EXCLUDED.l10,
               l11 = EXCLUDED.l11, l12 = EXCLUDED.l12, l13 = EXCLUDED.l13, l14 = EXCLUDED.l14, l15 = EXCLUDED.l15,
               e0 = EXCLUDED.e0, e1 = EXCLUDED.e1, e2 = EXCLUDED.e2, e3 = EXCLUDED.e3, e4 = EXCLUDED.e4,
               e5 = EXCLUDED.e5, e6 = EXCLUDED.e6, e7 = EXCLUDED.e7, e8 = EXCLUDED.e8, e9 = EXCLUDED.e9,
               e10 = EXCLUDED.e10, e11 = EXCLUDED.e11, e12 = EXCLUDED.e12, e13 = EXCLUDED.e13, e14 = EXCLUDED.e14,
               e15 = EXCLUDED.e15
        """

    public let shards: [Shard]
    /// Start of the previous minute.
    public let since: Instant

    public init(shards: [Shard], since: Instant) {
        self.shards = shards
        self.since = since
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(since)
        parameters.append(LatencyBuckets.bounds)
    }
}
