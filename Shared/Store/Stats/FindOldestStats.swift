public import Postgres
public import Webhooks

/// The oldest minute that `delivery_stats` has counters of. Exactly one row, nil where there is none.
public struct FindOldestStats: Statement {
    public static let sql = "SELECT min(minute) FROM delivery_stats  -- delivery_stats_minute"

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Instant? { try row.optional(0) }
}
