public import Postgres
public import Webhooks

/// The next events of a replay of `all`, whatever their types, in the order of their acceptance.
public struct FindEventsToReplay: Statement {
    public static let sql = """
        SELECT id, event_type, resource_id FROM events
         WHERE shard = $1 AND tenant_id = $2 AND id > $3 AND id <= $4 ORDER BY id LIMIT $5  -- events_pkey
        """

    public let replay: Replay
    /// Events up to here were looked at; nil: none yet.
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
        parameters.append(replay.tenantID)
        parameters.append(position.map(Event.ID.init) ?? .before(replay.since))
        parameters.append(Event.ID.last(of: replay.until))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> ReplayCandidate {
        let id: Event.ID = try row.column(0)
        return ReplayCandidate(
            position: id.ulid, eventID: id, type: try row.column(1), resourceID: try row.optional(2))
    }
}

extension Identifier {
    /// The last id before the millisecond that `instant` lies in.
    static func before(_ instant: Instant) -> Self {
        let first = first(of: instant).ulid.value
        return Self(ULID(first == 0 ? 0 : first - 1))
    }
}
