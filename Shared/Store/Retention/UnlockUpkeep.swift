public import Postgres

/// Gives it back.
public struct UnlockUpkeep: Statement {
    public static let sql = "SELECT pg_advisory_unlock(hashtextextended('martlet.upkeep', 0))"

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
