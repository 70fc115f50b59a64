public import Postgres
public import Webhooks

/// Who owns which shard.
public struct FindLeases: Statement {
    public static let sql = """
        SELECT shard, owner, epoch FROM shard_leases ORDER BY shard       -- shard_leases_pkey
        """

    public struct Row: Sendable, Hashable {
        public let shard: Shard
        public let owner: Worker.ID?
        /// Grows with each owner.
        public let epoch: Int64
    }

    public init() {}

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(shard: try row.column(0), owner: try row.optional(1), epoch: try row.column(2))
    }
}
