public import Postgres
public import Webhooks

/// What is known of webhooks that may fail, or that their tenants were told of: those that their lanes remember
/// something of, and some more. By the owner of the shards, now and then.
public struct FindWebhookHealth: Statement {
    public static let sql = """
        WITH c AS MATERIALIZED (
          SELECT l.webhook_id FROM unnest($1) u(shard) CROSS JOIN LATERAL (
                 SELECT * FROM lane_states l WHERE l.shard = u.shard      -- lane_states_pkey
                  ORDER BY l.shard, l.webhook_id OFFSET 0) l
          UNION
          SELECT a.webhook_id FROM unnest($1) u(shard) CROSS JOIN LATERAL (
                 SELECT * FROM webhook_alerts a WHERE a.shard = u.shard   -- webhook_alerts_pkey
                  ORDER BY a.shard, a.webhook_id OFFSET 0) a
          UNION SELECT webhook FROM unnest($2) x(webhook))
        SELECT w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at,
               w.deleted_at IS NOT NULL, a.level, coalesce(l.consecutive_failures, 0),
               CASE WHEN l.failing_since IS NOT NULL THEN greatest(l.failing_since, w.updated_at) END,
               t.days, s.succeeded, s.failed, r.succeeded, r.failed, d.due_at, now()
          FROM c
         CROSS JOIN LATERAL (SELECT * FROM webhooks w WHERE w.id = c.webhook_id LIMIT 1) w  -- webhooks_pkey
         CROSS JOIN LATERAL (SELECT coalesce((t.settings ->> 'autoDisableAfterDays')::int, $3) AS days FROM tenants t
                WHERE t.id = w.tenant_id LIMIT 1) t                       -- tenants_pkey
          LEFT JOIN LATERAL (SELECT * FROM webhook_alerts a
                WHERE a.shard = w.shard AND a.webhook_id = w.id LIMIT 1) a ON true
          LEFT JOIN LATERAL (SELECT * FROM lane_states l
                WHERE l.shard = w.shard AND l.webhook_id = w.id LIMIT 1) l ON true
         CROSS JOIN LATERAL (SELECT coalesce(sum(s.succeeded), 0)::bigint AS succeeded,
                                    coalesce(sum(s.failed), 0)::bigint AS failed FROM delivery_stats s
                WHERE s.shard = w.shard AND s.webhook_id = w.id           -- delivery_stats_pkey
                  AND s.minute >= now() - interval '15 min') s
         CROSS JOIN LATERAL (SELECT coalesce(sum(s.succeeded), 0)::bigint AS succeeded,
                                    coalesce(sum(s.failed), 0)::bigint AS failed FROM delivery_stats s
                WHERE s.shard = w.shard AND s.webhook_id = w.id           -- delivery_stats_pkey
                  AND s.minute >= greatest(now() - interval '5 min', a.told_at)) r
          LEFT JOIN LATERAL (SELECT d.due_at FROM deliveries d WHERE d.shard = w.shard AND d.webhook_id = w.id
                ORDER BY d.shard, d.webhook_id, d.due_at, d.id LIMIT 1) d ON true  -- deliveries_pkey
         WHERE w.shard = ANY ($1)
        """

    /// Requests that ended in a span of time.
    public struct Counts: Sendable, Hashable {
        public var succeeded: Int
        public var failed: Int

        public init(succeeded: Int = 0, failed: Int = 0) {
            self.succeeded = succeeded
            self.failed = failed
        }

        /// Nil where there was none.
        public var rate: Double? {
            succeeded + failed > 0 ? Double(succeeded) / Double(succeeded + failed) : nil
        }
    }

    public struct Row: Sendable, Hashable {
        public let webhook: Webhook
        public var isDeleted = false
        /// What the tenant was told: 1 failing, 2 about to be disabled; nil: nothing, or that it works again.
        public var toldLevel: Int16?
        public var consecutiveFailures: Int32 = 0
        /// Nothing but failures since.
        public var failingSince: Instant?
        /// Days of nothing but failures after which it is disabled; 0: never.
        public var disablingDays: Int32 = 0
        /// Of the last quarter of an hour.
        public var counts = Counts()
        /// Of the last five minutes, and since the tenant was told.
        public var recent = Counts()
        /// When the first pending delivery fell due, or will.
        public var firstDue: Instant?
        /// The database's clock.
        public var now: Instant

        public init(webhook: Webhook, now: Instant) {
            self.webhook = webhook
            self.now = now
        }
    }

    public let shards: [Shard]
    /// Looked at whatever their lanes remember.
    public let webhooks: [Webhook.ID]

    public init(in shards: [Shard], and webhooks: [Webhook.ID]) {
        self.shards = shards
        self.webhooks = webhooks
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(webhooks)
        parameters.append(Int32(TenantSettings.defaultAutoDisableAfterDays))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        var health = Row(webhook: try Webhook(row), now: try row.column(18))
        health.isDeleted = try row.column(8)
        health.toldLevel = try row.optional(9)
        health.consecutiveFailures = try row.column(10)
        health.failingSince = try row.optional(11)
        health.disablingDays = try row.column(12)
        health.counts = Counts(succeeded: try row.column(13), failed: try row.column(14))
        health.recent = Counts(succeeded: try row.column(15), failed: try row.column(16))
        health.firstDue = try row.optional(17)
        return health
    }
}
