public import Postgres

extension SQLState {
    /// A shard of the flush has another owner: nothing of it was written.
    public static let shardLost: SQLState = "MA001"
    /// Webhooks of a tenant of the batch have changed: nothing of it was written.
    public static let directoryOutOfDate: SQLState = "MA002"
    /// A key of a request with several events belongs to another content: nothing of the batch was written.
    public static let eventKeyContested: SQLState = "MA003"
    /// The webhook is not there, or no longer at the version that a change was based on: nothing was written.
    public static let webhookChanged: SQLState = "MA004"
    /// A replay is not where it was thought to be, or has ended: nothing was queued.
    public static let replayMoved: SQLState = "MA005"
    /// What a tenant is to be told of a webhook was told already: nothing was written.
    public static let alertKnown: SQLState = "MA006"
}
