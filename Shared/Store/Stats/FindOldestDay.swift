public import Postgres
public import Webhooks

/// The first day that counters are rolled up of. No row: there is none.
public struct FindOldestDay: Statement {
    public static let sql = "SELECT minute FROM daily_stats ORDER BY minute LIMIT 1"  // daily_stats_minute

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Instant { try row.column(0) }
}
