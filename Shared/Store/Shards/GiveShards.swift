public import Postgres
public import Webhooks

/// Gives shards back: through the recorder's connection, behind the last flush of them.
public struct GiveShards: Statement {
    public static let sql = """
        UPDATE shard_leases SET owner = NULL WHERE owner = $1 AND shard = ANY ($2)  -- shard_leases_pkey
        """

    public let worker: Worker.ID
    public let shards: [Shard]

    public init(_ shards: [Shard], ownedBy worker: Worker.ID) {
        self.worker = worker
        self.shards = shards
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(worker)
        parameters.append(shards)
    }
}
