public import Postgres

/// Deletes remembered cancellations that are older than so many days. How many went.
public struct PurgeCancelledDeliveries: Statement {
    public static let sql = """
        WITH gone AS (
          DELETE FROM cancelled_deliveries WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM cancelled_deliveries WHERE cancelled_at < now() - $1 * interval '1 day'
             ORDER BY cancelled_at LIMIT $2)) RETURNING 1)                -- cancelled_deliveries_age
        SELECT count(*) FROM gone
        """

    public let days: Int
    /// Rows at most.
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
