internal import Postgres
public import Webhooks

extension Replay {
    /// Columns: id, shard, tenant_id, webhook_id, since, until, failed_only, state, matched, queued, created_at,
    /// finished_at.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let isFailedOnly: Bool = try row.column(6)
        let state: Int16 = try row.column(7)
        guard let state = State(rawValue: state) else { throw .decoding("a replay cannot be in state \(state)") }
        self.init(
            id: try row.column(0), shard: try row.column(1), tenantID: try row.column(2), webhookID: try row.column(3),
            since: try row.column(4), until: try row.column(5), only: isFailedOnly ? .failed : .all, state: state,
            matched: try row.column(8), queued: try row.column(9), createdAt: try row.column(10),
            finishedAt: try row.optional(11))
    }
}

/// A replay that has more to do, and the webhook as it is now.
public struct RunningReplay: Sendable {
    public let replay: Replay
    /// As in `X-tenant-ID`.
    public let tenantIdentifier: String
    /// Of the last event (`all`) or invocation (`failed`) that was looked at; nil: none yet.
    public let position: ULID?
    /// Nil: the webhook was deleted.
    public let subscription: Subscription?

    public init(_ replay: Replay, of tenantIdentifier: String, position: ULID?, subscription: Subscription?) {
        self.replay = replay
        self.tenantIdentifier = tenantIdentifier
        self.position = position
        self.subscription = subscription
    }
}

/// An event, or a failed invocation, that a replay has come to.
public struct ReplayCandidate: Sendable, Hashable {
    /// Of the event (`all`) or of the invocation (`failed`).
    public let position: ULID
    /// Nil: its invocation does not count, since it was not the last one, or is not final, or more is pending.
    public let eventID: Event.ID?
    /// Name of the event's type; nil: the event is no longer stored.
    public let type: String?
    public let resourceID: String?

    public init(position: ULID, eventID: Event.ID?, type: String?, resourceID: String?) {
        self.position = position
        self.eventID = eventID
        self.type = type
        self.resourceID = resourceID
    }
}
