public import Postgres
public import Webhooks

/// Where roll-ups stand. Exactly one row.
public struct FindHorizons: Statement {
    public static let sql = "SELECT minutes_since, hours_until, days_until FROM horizons WHERE one"

    public struct Row: Sendable, Hashable {
        /// Minutes before it are gone.
        public let minutesSince: Instant
        /// Hours before it are rolled up.
        public let hoursUntil: Instant
        /// Days before it are rolled up once more, with what came late.
        public let daysUntil: Instant
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(minutesSince: try row.column(0), hoursUntil: try row.column(1), daysUntil: try row.column(2))
    }
}
