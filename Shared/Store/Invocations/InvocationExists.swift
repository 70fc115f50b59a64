public import Postgres
public import Webhooks

/// Whether a flush was committed, after its session died during the commit: one id answers for all of it.
public struct InvocationExists: Statement {
    public static let sql = """
        SELECT EXISTS (SELECT 1 FROM invocations WHERE shard = $1 AND webhook_id = $2 AND id = $3)  -- invocations_pkey
        """

    public let shard: Shard
    public let webhook: Webhook.ID
    public let id: Invocation.ID

    public init(shard: Shard, webhook: Webhook.ID, invocation id: Invocation.ID) {
        self.shard = shard
        self.webhook = webhook
        self.id = id
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(id)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
