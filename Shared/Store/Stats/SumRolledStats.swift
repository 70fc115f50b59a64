public import Postgres
public import Webhooks

/// The counters of whole days before one, of all webhooks, from where they are rolled up. Exactly one row.
public struct SumRolledStats: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums)
          FROM (SELECT * FROM daily_stats WHERE minute < $1 ORDER BY minute OFFSET 0) s  -- daily_stats_minute
        """

    /// The first instant of a day, not later than ``FindHorizons/Row/daysUntil``.
    public let until: Instant

    public init(until: Instant) { self.until = until }

    public func bind(_ parameters: inout Parameters) { parameters.append(until) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> DeliveryCounts {
        try DeliveryCounts(row)
    }
}
