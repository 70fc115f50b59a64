public import Postgres
public import Webhooks

/// Takes shards that are free or belong to fenced workers. A row for each one taken.
public struct TakeShards: Statement {
    public static let sql = """
        WITH free AS (
          SELECT l.shard FROM shard_leases l WHERE l.owner IS NULL OR l.owner = ANY ($2)
           ORDER BY l.shard LIMIT $3 FOR NO KEY UPDATE)                   -- shard_leases_pkey
        UPDATE shard_leases l SET owner = $1, epoch = l.epoch + 1 FROM free WHERE l.shard = free.shard
        RETURNING l.shard, l.epoch
        """

    public struct Row: Sendable, Hashable {
        public let shard: Shard
        public let epoch: Int64
    }

    public let worker: Worker.ID
    /// Fenced workers.
    public let dead: [Worker.ID]
    /// Shards at most: the fair share less those that are owned.
    public let limit: Int

    public init(for worker: Worker.ID, from dead: [Worker.ID], atMost limit: Int) {
        self.worker = worker
        self.dead = dead
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(worker)
        parameters.append(dead)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(shard: try row.column(0), epoch: try row.column(1))
    }
}
