public import Postgres

/// Makes the day partitions from yesterday to some days ahead where they are missing; moves strays out of the default.
///
/// At every service's start and hourly; harmless when nothing is to be done.
public struct EnsurePartitions: Statement {
    public static let sql = """
        SELECT count(*) FILTER (WHERE ensure_partition(p, (now() AT TIME ZONE 'UTC')::date + d))
          FROM unnest(ARRAY['events', 'event_keys', 'invocations', 'delivery_stats']) p, generate_series(-1, $1) d
        """

    public let daysAhead: Int32

    public init(daysAhead: Int = 7) { self.daysAhead = Int32(clamping: daysAhead) }

    public func bind(_ parameters: inout Parameters) { parameters.append(daysAhead) }

    /// How many were made.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
