public import Postgres

/// Deletes hours and days that are older than so many days. How many rows went.
public struct PurgeRollUps: Statement {
    public static let sql = """
        WITH hours AS (
          DELETE FROM hourly_stats WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM hourly_stats WHERE minute < now() - $1 * interval '1 day'
             ORDER BY minute LIMIT $2)) RETURNING 1),                     -- hourly_stats_minute
        days AS (
          DELETE FROM daily_stats WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM daily_stats WHERE minute < now() - $1 * interval '1 day'
             ORDER BY minute LIMIT $2)) RETURNING 1)                      -- daily_stats_minute
        SELECT (SELECT count(*) FROM hours) + (SELECT count(*) FROM days)
        """

    public let days: Int
    /// Rows of each table at most.
    public let limit: Int

    public init(olderThan days: Int, limit: Int) {
        self.days = days
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(Int32(clamping: days))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
