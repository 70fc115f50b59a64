public import Postgres
public import Webhooks

/// All workers that are not fenced, the one that asks among them.
public struct FindPeers: Statement {
    public static let sql = """
        SELECT id, name, beat, is_leaving FROM workers WHERE fenced_at IS NULL ORDER BY id
        """

    public struct Row: Sendable, Hashable {
        public let id: Worker.ID
        public let name: String
        /// Grows by one each second while the worker lives.
        public let beat: Int64
        /// It takes no more shards.
        public let isLeaving: Bool
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(id: try row.column(0), name: try row.column(1), beat: try row.column(2), isLeaving: try row.column(3))
    }
}
