public import Postgres
public import Webhooks

/// Replays of some shards that can go on, the oldest of each shard first: those of webhooks that are active, and those
/// of deleted ones, which have failed.
public struct FindRunningReplays: Statement {
    public static let sql = """
        SELECT r.id, r.shard, r.tenant_id, r.webhook_id, r.since, r.until, r.failed_only, r.state, r.matched, r.queued,
               r.created_at, r.finished_at, r.position, w.events, w.ordering, w.filter, t.identifier
          FROM unnest($1) u(shard)
         CROSS JOIN LATERAL (SELECT * FROM replays r WHERE r.shard = u.shard AND r.state = 0  -- replays_running
                ORDER BY r.shard, r.id OFFSET 0) r
          LEFT JOIN LATERAL (
                SELECT ARRAY(SELECT jsonb_array_elements_text(w.configuration -> 'events')) AS events,
                       w.configuration ->> 'ordering' AS ordering, w.configuration ->> 'filter' AS filter,
                       w.configuration -> 'isEnabled' = 'true' AS is_enabled
                  FROM webhooks w WHERE w.id = r.webhook_id AND w.tenant_id = r.tenant_id  -- webhooks_listed
                   AND w.deleted_at IS NULL LIMIT 1) w ON true
         CROSS JOIN LATERAL (SELECT t.identifier FROM tenants t WHERE t.id = r.tenant_id LIMIT 1) t  -- tenants_pkey
         WHERE w.is_enabled IS DISTINCT FROM false LIMIT $2
        """

    public let shards: [Shard]
    /// Rows at most.
    public let limit: Int

    public init(shards: [Shard], limit: Int = 256) {
        self.shards = shards
        self.limit = limit
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> RunningReplay {
        let replay = try Replay(row)
        let position: PostgresUUID? = try row.optional(12)
        let events: [String]? = try row.optional(13)
        let ordering: String? = try row.optional(14)
        let filter: String? = try row.optional(15)
        return RunningReplay(
            replay, of: try row.column(16), position: position.map { ULID($0.value) },
            subscription: events.map {
                Subscription(
                    webhookID: replay.webhookID, events: $0,
                    ordering: ordering.flatMap(WebhookConfiguration.Ordering.init) ?? .none, filter: filter)
            })
    }
}
