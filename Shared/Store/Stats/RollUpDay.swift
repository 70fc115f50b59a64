public import Postgres
public import Webhooks

/// Counts the hours and the day of a shard anew from its minutes. The same however often.
public struct RollUpDay: Statement {
    public static let sql = "SELECT roll_up(($2 AT TIME ZONE 'UTC')::date, $1)"

    public let day: Instant
    public let shard: Shard

    public init(_ day: Instant, of shard: Shard) {
        self.day = day
        self.shard = shard
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(day)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

/// Where roll-ups stand. Exactly one row.
public struct FindHorizons: Statement {
    public static let sql = "SELECT minutes_since, rolled_until FROM horizons WHERE one"

    public struct Row: Sendable, Hashable {
        /// Minutes before it are gone.
        public let minutesSince: Instant
        /// Days before it are rolled up.
        public let rolledUntil: Instant
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(minutesSince: try row.column(0), rolledUntil: try row.column(1))
    }
}

/// Days before an instant are rolled up.
public struct SaveRolledUntil: Statement {
    public static let sql = "UPDATE horizons SET rolled_until = greatest(rolled_until, $1) WHERE one"

    public let instant: Instant

    public init(_ instant: Instant) { self.instant = instant }

    public func bind(_ parameters: inout Parameters) { parameters.append(instant) }
}

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
