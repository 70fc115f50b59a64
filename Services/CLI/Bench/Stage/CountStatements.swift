import Postgres

/// Statements that the services have sent since the server started. Fails where `pg_stat_statements` is not loaded.
struct CountStatements: Statement {
    static let sql = """
        SELECT coalesce(sum(s.calls), 0)::bigint
          FROM public.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname LIKE 'martlet\\_%'
        """

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}
