public import Postgres
public import Webhooks

/// The counters of all webhooks, summed over whole minutes. Exactly one row.
public struct SumDeliveryStats: Statement {
    public static let sql = """
        SELECT coalesce(sum(succeeded), 0)::bigint, coalesce(sum(failed), 0)::bigint,
               coalesce(sum(debounced), 0)::bigint, coalesce(sum(discarded), 0)::bigint,
               coalesce(sum(duration_ms), 0)::bigint,
               ARRAY[
                 coalesce(sum(d0), 0), coalesce(sum(d1), 0), coalesce(sum(d2), 0), coalesce(sum(d3), 0),
                 coalesce(sum(d4), 0), coalesce(sum(d5), 0), coalesce(sum(d6), 0), coalesce(sum(d7), 0),
                 coalesce(sum(d8), 0), coalesce(sum(d9), 0), coalesce(sum(d10), 0), coalesce(sum(d11), 0),
                 coalesce(sum(d12), 0), coalesce(sum(d13), 0), coalesce(sum(d14), 0), coalesce(sum(d15), 0)]::bigint[],
               ARRAY[
                 coalesce(sum(l0), 0), coalesce(sum(l1), 0), coalesce(sum(l2), 0), coalesce(sum(l3), 0),
                 coalesce(sum(l4), 0), coalesce(sum(l5), 0), coalesce(sum(l6), 0), coalesce(sum(l7), 0),
                 coalesce(sum(l8), 0), coalesce(sum(l9), 0), coalesce(sum(l10), 0), coalesce(sum(l11), 0),
                 coalesce(sum(l12), 0), coalesce(sum(l13), 0), coalesce(sum(l14), 0), coalesce(sum(l15), 0)]::bigint[],
               ARRAY[
                 coalesce(sum(e0), 0), coalesce(sum(e1), 0), coalesce(sum(e2), 0), coalesce(sum(e3), 0),
                 coalesce(sum(e4), 0), coalesce(sum(e5), 0), coalesce(sum(e6), 0), coalesce(sum(e7), 0),
                 coalesce(sum(e8), 0), coalesce(sum(e9), 0), coalesce(sum(e10), 0), coalesce(sum(e11), 0),
                 coalesce(sum(e12), 0), coalesce(sum(e13), 0), coalesce(sum(e14), 0), coalesce(sum(e15), 0)]::bigint[]
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
