public import Postgres

/// The migrations that a database has had.
public struct FindMigrations: Statement {
    public static let sql = """
        SELECT version, name, checksum FROM martlet.schema_migrations ORDER BY version
        """

    public struct Row: Sendable, Hashable {
        public let version: Int32
        public let name: String
        public let checksum: [UInt8]
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(version: try row.column(0), name: try row.column(1), checksum: try row.column(2))
    }
}
