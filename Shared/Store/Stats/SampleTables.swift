public import Postgres

/// How large each table is, its days together, and what autovacuum has left in it. Rows are PostgreSQL's estimates.
public struct SampleTables: Statement {
    public static let sql = """
        SELECT coalesce(p.relname, c.relname)::text, count(*) FILTER (WHERE c.relname ~ '_[0-9]{8}$'),
               sum(pg_total_relation_size(c.oid))::bigint, coalesce(sum(s.n_live_tup), 0)::bigint,
               coalesce(sum(s.n_dead_tup), 0)::bigint,
               coalesce(sum(s.n_live_tup) FILTER (WHERE p.oid IS NOT NULL AND c.relname ~ '_default$'), 0)::bigint,
               extract(epoch FROM now() - min(to_date(substring(c.relname from '_([0-9]{8})$'), 'YYYYMMDD')))::float8
          FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
          LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
         WHERE c.relnamespace = 'martlet'::regnamespace AND c.relkind = 'r' GROUP BY 1 ORDER BY 1
        """

    public struct Row: Sendable, Hashable {
        public let name: String
        public let partitions: Int
        public let bytes: Int
        public let rows: Int
        public let deadRows: Int
        /// In the default partition: of days that nobody made.
        public let strayRows: Int
        /// Seconds since its oldest day began; nil where it has no days.
        public let oldestDayAge: Double?
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            name: try row.column(0), partitions: try row.column(1), bytes: try row.column(2), rows: try row.column(3),
            deadRows: try row.column(4), strayRows: try row.column(5), oldestDayAge: try row.optional(6))
    }
}
