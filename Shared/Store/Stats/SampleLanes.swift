public import Postgres

/// How many lanes stand still or fail, how many workers there are, and how many shards have an owner. Exactly one row.
public struct SampleLanes: Statement {
    public static let sql = """
        SELECT count(*) FILTER (WHERE breaker = 0 AND paused_until > now()), count(*) FILTER (WHERE breaker > 0),
               count(*) FILTER (WHERE failing_since IS NOT NULL),
               (SELECT count(*) FROM workers WHERE fenced_at IS NULL),
               (SELECT count(*) FROM shard_leases WHERE owner IS NOT NULL),
               (SELECT count(*) FROM webhook_alerts)
          FROM lane_states
        """

    public struct Row: Sendable, Hashable {
        /// Asked for a pause by their receivers.
        public let paused: Int
        /// Their breaker is open.
        public let broken: Int
        /// Nothing but failures since some instant.
        public let failing: Int
        public let workers: Int
        public let ownedShards: Int
        /// Webhooks whose tenants were told that they fail.
        public let alerts: Int
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            paused: try row.column(0), broken: try row.column(1), failing: try row.column(2),
            workers: try row.column(3), ownedShards: try row.column(4), alerts: try row.column(5))
    }
}
