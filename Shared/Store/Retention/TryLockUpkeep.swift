public import Postgres

/// Takes the lock of whoever keeps the tables, if it is free. It belongs to the session.
public struct TryLockUpkeep: Statement {
    public static let sql = "SELECT pg_try_advisory_lock(hashtextextended('martlet.upkeep', 0))"

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
