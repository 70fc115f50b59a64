public import Postgres

/// Makes the days, today at most, that rows of a default partition belong to, and moves them there. How many were made.
public struct MovePartitionStrays: Statement {
    public static let sql = """
        SELECT count(*) FILTER (WHERE ensure_partition($1, d)) FROM stray_days($1) d
         WHERE d <= (now() AT TIME ZONE 'UTC')::date
        """

    public let table: Partition.Table

    public init(of table: Partition.Table) { self.table = table }

    public func bind(_ parameters: inout Parameters) { parameters.append(table.rawValue) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
