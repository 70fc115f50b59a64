public import Postgres
public import Webhooks

/// Gives shards back: through the recorder's connection, behind the last flush of them.
///
/// Only leases of these epochs: repeated after an answer was lost, it must not give away what was taken again
/// meanwhile.
public struct GiveShards: Statement {
    public static let sql = """
        UPDATE shard_leases l SET owner = NULL FROM unnest($2, $3) u(shard, epoch)
         WHERE l.owner = $1 AND l.shard = u.shard AND l.epoch = u.epoch   -- shard_leases_pkey
        """

    public let worker: Worker.ID
    public let shards: [Shard]
    /// As ``FindLeases`` tells them; one for each of ``shards``.
    public let epochs: [Int64]

    public init(_ shards: [Shard], epochs: [Int64], ownedBy worker: Worker.ID) {
        self.worker = worker
        self.shards = shards
        self.epochs = epochs
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(worker)
        parameters.append(shards)
        parameters.append(epochs)
    }
}
