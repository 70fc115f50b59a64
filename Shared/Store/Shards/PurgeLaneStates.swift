public import Postgres
public import Webhooks

/// Forgets what was to be remembered of lanes whose webhooks are deleted: by the owner of the shards, now and then.
///
/// It waits for no row that a flush is writing: the next time will do.
public struct PurgeLaneStates: Statement {
    public static let sql = """
        DELETE FROM lane_states WHERE ctid = ANY (ARRAY(
          SELECT l.ctid FROM lane_states l WHERE l.shard = ANY ($1)       -- lane_states_pkey
             AND (SELECT w.deleted_at IS NULL FROM webhooks w WHERE w.id = l.webhook_id) IS NOT TRUE  -- webhooks_pkey
           LIMIT $2 FOR UPDATE OF l SKIP LOCKED))
        """

    public let shards: [Shard]
    /// Rows at most.
    public let limit: Int

    public init(shards: [Shard], limit: Int) {
        self.shards = shards
        self.limit = limit
    }

    public var isOmitted: Bool { shards.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shards)
        parameters.append(limit)
    }
}
