import Postgres

/// How much write-ahead log was ever written, and how much of it when the last checkpoint began.
struct ReadWALPosition: Statement {
    static let sql = """
        SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, (redo_lsn - '0/0'::pg_lsn)::bigint
          FROM pg_control_checkpoint()
        """

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> (now: Int64, checkpoint: Int64) {
        (try row.column(0), try row.column(1))
    }
}
