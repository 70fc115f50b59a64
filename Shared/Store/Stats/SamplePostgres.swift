public import Postgres

/// How far replicas and slots are behind, and what holds vacuum back. Exactly one row; what the role may not see is
/// nil or 0.
public struct SamplePostgres: Statement {
    public static let sql = """
        SELECT (SELECT count(*) FROM pg_stat_replication),
               (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) FROM pg_stat_replication)::float8,
               (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) FROM pg_replication_slots)::float8,
               greatest((SELECT max(age(backend_xmin)) FROM pg_stat_activity),
                        (SELECT max(greatest(age(xmin), age(catalog_xmin))) FROM pg_replication_slots),
                        (SELECT max(age(transaction)) FROM pg_prepared_xacts))::float8,
               (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database())::float8,
               (SELECT extract(epoch FROM max(now() - xact_start)) FROM pg_stat_activity
                 WHERE datname = current_database())::float8
        """

    public struct Row: Sendable, Hashable {
        public let replicas: Int
        /// Bytes that the slowest replica has not replayed.
        public let replicationLag: Double?
        /// Bytes that are kept for the slowest slot.
        public let slotLag: Double?
        /// Transactions since the oldest snapshot that anything still needs.
        public let xminAge: Double?
        /// Transactions since the oldest one that is not frozen.
        public let frozenAge: Double?
        /// Seconds that the oldest transaction of this database is open.
        public let oldestTransaction: Double?
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            replicas: try row.column(0), replicationLag: try row.optional(1), slotLag: try row.optional(2),
            xminAge: try row.optional(3), frozenAge: try row.optional(4), oldestTransaction: try row.optional(5))
    }
}
