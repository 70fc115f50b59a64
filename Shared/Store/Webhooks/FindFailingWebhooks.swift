public import Postgres
public import Webhooks

/// The webhooks of some shards that had nothing but failures for as many days as their tenants allow, over enough
/// events: those to be disabled. By the owner of the shards, now and then.
///
/// The days count from `lane_states.failing_since`, the first failure after the last success, or from the webhook's
/// last change where that is later: who changes or reactivates it has as many days again.
public struct FindFailingWebhooks: Statement {
    public static let sql = """
        SELECT w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at,
               f.since
          FROM unnest($1) u(shard)
         CROSS JOIN LATERAL (SELECT * FROM lane_states l WHERE l.shard = u.shard  -- lane_states_pkey
                ORDER BY l.shard, l.webhook_id OFFSET 0) l
         CROSS JOIN LATERAL (SELECT * FROM webhooks w WHERE w.id = l.webhook_id LIMIT 1) w  -- webhooks_pkey
         CROSS JOIN LATERAL (SELECT coalesce((t.settings ->> 'autoDisableAfterDays')::int, $2) AS days FROM tenants t
                WHERE t.id = w.tenant_id LIMIT 1) t                       -- tenants_pkey
         CROSS JOIN LATERAL (SELECT greatest(l.failing_since, w.updated_at) AS since,
                t.days > 0 AND greatest(l.failing_since, w.updated_at) <= now() - t.days * interval '1 day'
                  AND l.failing_since IS NOT NULL AND w.deleted_at IS NULL AND w.configuration -> 'isEnabled' = 'true'
                   AS is_old OFFSET 0) f
         CROSS JOIN LATERAL (SELECT count(DISTINCT event_id) AS events FROM (
                SELECT event_id FROM invocations i WHERE f.is_old AND i.shard = l.shard  -- invocations_failed
                   AND i.webhook_id = l.webhook_id AND i.id >= ulid_floor(f.since) AND i.outcome <> 0 AND i.outcome = $4
                 ORDER BY i.id LIMIT 10000) i) e
         WHERE e.events >= $3 AND NOT EXISTS (
               SELECT FROM delivery_stats s WHERE s.shard = l.shard AND s.webhook_id = l.webhook_id
                  AND s.minute >= f.since AND s.succeeded > 0)            -- delivery_stats_pkey
        """

    public struct Row: Sendable, Hashable {
        public let webhook: Webhook
        /// Nothing but failures since.
        public let failingSince: Instant
    }

    /// Events that must have failed at least.
    public static let events = 10

    public let shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(Int32(TenantSettings.defaultAutoDisableAfterDays))
        parameters.append(Self.events)
        parameters.append(Outcome.failed)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(webhook: try Webhook(row), failingSince: try row.column(8))
    }
}
