public import Postgres
public import Webhooks

/// What the lanes of some shards remember: at take-over.
public struct FindLaneStates: Statement {
    public static let sql = """
        SELECT l.shard, l.webhook_id, l.paused_until, l.breaker, l.consecutive_failures, l.failing_since
          FROM unnest($1) u(shard) CROSS JOIN LATERAL (
               -- lane_states_pkey
               SELECT * FROM lane_states l WHERE l.shard = u.shard ORDER BY l.shard, l.webhook_id OFFSET 0) l
        """

    public let shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(shards) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> LaneState {
        LaneState(
            shard: try row.column(0), webhookID: try row.column(1), pausedUntil: try row.optional(2),
            breaker: try row.column(3), consecutiveFailures: try row.column(4), failingSince: try row.optional(5))
    }
}
