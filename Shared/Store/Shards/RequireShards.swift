public import Postgres
public import Webhooks

/// The fence: aborts the transaction with ``SQLState/shardLost`` unless all of these shards are this worker's.
///
/// The last statement of a flush: its locks are then held for the commit only.
public struct RequireShards: Statement {
    public static let sql = """
        SELECT require(count(*) = cardinality($1), 'MA001') FROM (
          SELECT 1 FROM shard_leases WHERE shard = ANY ($1) AND owner = $2  -- shard_leases_pkey
           ORDER BY shard FOR NO KEY UPDATE) held
        """

    public let shards: [Shard]
    public let worker: Worker.ID

    public init(_ shards: some Sequence<Shard>, ownedBy worker: Worker.ID) {
        self.shards = Set(shards).sorted()
        self.worker = worker
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(worker)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
