public import Postgres

/// Drops a day; false where it is gone. It gives up after 100 ms of waiting for a lock: whoever writes waits behind it.
public struct DropPartition: Statement {
    public static let sql = "SELECT drop_partition($1, ($2 AT TIME ZONE 'UTC')::date)"

    public let partition: Partition

    public init(_ partition: Partition) { self.partition = partition }

    public func bind(_ parameters: inout Parameters) { partition.bind(&parameters) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
