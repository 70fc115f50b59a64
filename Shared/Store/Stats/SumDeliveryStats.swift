public import Postgres
public import Webhooks

/// The counters of all webhooks, summed over whole minutes. Exactly one row.
public struct SumDeliveryStats: Statement {
    public static let sql = """
        SELECT \(DeliveryCounts.sums)
          FROM (SELECT * FROM delivery_stats WHERE minute >= $1 AND minute < $2  -- delivery_stats_minute
                 ORDER BY minute OFFSET 0) s                              -- an order that no other index gives
        """

    /// The first minute.
    public let since: Instant
    /// The first minute that is not among them.
    public let until: Instant

    public init(since: Instant, until: Instant = .distantFuture) {
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
