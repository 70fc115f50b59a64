public import Postgres
public import Webhooks

/// Where roll-ups stand. Exactly one row.
public struct FindHorizons: Statement {
    public static let sql = "SELECT minutes_since, rolled_until FROM horizons WHERE one"

    public struct Row: Sendable, Hashable {
        /// Minutes before it are gone.
        public let minutesSince: Instant
        /// Days before it are rolled up.
        public let rolledUntil: Instant
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(minutesSince: try row.column(0), rolledUntil: try row.column(1))
    }
}
