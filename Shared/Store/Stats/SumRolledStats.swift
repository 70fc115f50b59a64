public import Postgres

/// The counters of days whose minutes are gone, of all webhooks. Exactly one row.
public struct SumRolledStats: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums)
          FROM (SELECT * FROM daily_stats WHERE minute < (SELECT minutes_since FROM horizons WHERE one)
                 ORDER BY minute OFFSET 0) s                              -- daily_stats_minute
        """

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> DeliveryCounts {
        try DeliveryCounts(row)
    }
}
