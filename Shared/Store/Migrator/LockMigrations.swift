internal import Postgres

/// Waits until no other program migrates this database. The lock ends with the session.
struct LockMigrations: Statement {
    static let sql = """
        SELECT pg_advisory_lock(hashtextextended('martlet.migrate', 0))
        """

    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
