public import Postgres
public import Webhooks

/// Invocations of a shard that need the data of events before an instant, in the order of their events.
public struct FindPackedInvocations: Statement {
    public static let sql = """
        SELECT i.shard, i.webhook_id, i.id, i.request,
               (SELECT e.data FROM events e WHERE e.shard = i.shard AND e.tenant_id = i.tenant_id  -- events_pkey
                   AND e.id = coalesce(i.data_event_id, i.event_id))
          FROM ((SELECT * FROM invocations WHERE shard = $1 AND event_id < ulid_floor($2)  -- invocations_event
                    AND get_byte(request, 0) = 2 ORDER BY shard, event_id LIMIT $3)
                 UNION ALL
                (SELECT * FROM invocations_kept WHERE shard = $1 AND event_id < ulid_floor($2)
                    AND get_byte(request, 0) = 2 ORDER BY shard, event_id LIMIT $3)) i  -- invocations_kept_packed
        """

    public let shard: Shard
    public let before: Instant
    /// Rows of each table at most.
    public let limit: Int

    public init(in shard: Shard, before: Instant, limit: Int) {
        self.shard = shard
        self.before = before
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(before)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PackedInvocation {
        try PackedInvocation(row)
    }
}
