public import Postgres
public import Webhooks

/// The counters of whole days, of all webhooks, from where they are rolled up. Exactly one row.
public struct SumRolledStats: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums)
          FROM (SELECT * FROM daily_stats WHERE minute >= $1 AND minute < $2  -- daily_stats_minute
                 ORDER BY minute OFFSET 0) s
        """

    /// The first instant of a day.
    public let since: Instant
    /// The first instant of a day, not later than ``FindHorizons/Row/daysUntil``.
    public let until: Instant

    public init(since: Instant, until: Instant) {
        self.since = since
        self.until = until
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(since)
        parameters.append(until)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> DeliveryCounts {
        try DeliveryCounts(row)
    }
}
