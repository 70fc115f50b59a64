public import Postgres
public import Webhooks

/// The next unsuccessful invocations of a webhook, and of which of them a replay of `failed` sends the event again.
///
/// An event counts at the last of its invocations, so it counts once: if that one is final and failed, and no delivery
/// of it is pending: each has an invocation that is final, and none by hand waits for its first. What the replay itself
/// causes has greater ids than its own beginning.
public struct FindFailuresToReplay: Statement {
    public static let sql = """
        SELECT i.id, CASE WHEN w.is_wanted THEN i.event_id END, e.event_type, e.resource_id
          FROM (SELECT id, event_id, outcome, is_final FROM invocations   -- invocations_failed
                 WHERE shard = $1 AND webhook_id = $2 AND id > $3 AND id <= $4 AND outcome <> 0
                 ORDER BY id LIMIT $5) i
         CROSS JOIN LATERAL (
               SELECT i.outcome = $6 AND i.is_final AND i.event_id BETWEEN $7 AND $8
                  AND (SELECT bool_and(l.is_final AND l.id <= i.id) FROM (
                         SELECT DISTINCT ON (x.delivery_id) x.id, x.is_final
                           FROM (SELECT webhook_id, delivery_id, id, is_final FROM invocations  -- invocations_event
                                  WHERE shard = $1 AND event_id = i.event_id OFFSET 0) x
                          WHERE x.webhook_id = $2 ORDER BY x.delivery_id, x.id DESC) l)
                  AND NOT EXISTS (SELECT FROM deliveries d                -- deliveries_again
                         WHERE d.shard = $1 AND d.webhook_id = $2 AND d.event_id = i.event_id AND d.trigger <> 0)
                   AS is_wanted OFFSET 0) w
          LEFT JOIN LATERAL (SELECT event_type, resource_id FROM events e  -- events_pkey
                WHERE w.is_wanted AND e.shard = $1 AND e.tenant_id = $9 AND e.id = i.event_id LIMIT 1) e ON true
         ORDER BY i.id
        """

    public let replay: Replay
    /// Invocations up to here were looked at; nil: none yet.
    public let position: ULID?
    /// Rows at most; fewer come when there are no more.
    public let limit: Int

    public init(_ replay: Replay, after position: ULID?, limit: Int) {
        self.replay = replay
        self.position = position
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(replay.shard)
        parameters.append(replay.webhookID)
        parameters.append(position.map(Invocation.ID.init) ?? .before(replay.since))
        parameters.append(Invocation.ID.last(of: replay.createdAt))
        parameters.append(limit)
        parameters.append(Outcome.failed)
        parameters.append(Event.ID.first(of: replay.since))
        parameters.append(Event.ID.last(of: replay.until))
        parameters.append(replay.tenantID)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> ReplayCandidate {
        let id: Invocation.ID = try row.column(0)
        return ReplayCandidate(
            position: id.ulid, eventID: try row.optional(1), type: try row.optional(2),
            resourceID: try row.optional(3))
    }
}
