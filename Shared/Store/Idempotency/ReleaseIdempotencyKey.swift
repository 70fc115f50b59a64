public import Postgres
public import Webhooks

/// Gives a key back: the request came to nothing that is worth keeping. After ``SetTenantContext``.
public struct ReleaseIdempotencyKey: Statement {
    public static let sql = """
        DELETE FROM idempotency_keys
         WHERE tenant_id = $1 AND key = $2 AND run = $3 AND answer IS NULL  -- idempotency_keys_pkey
        """

    public let key: IdempotencyKey
    public let run: Identifier<IdempotencyKey.Run>

    public init(_ key: IdempotencyKey, run: Identifier<IdempotencyKey.Run>) {
        self.key = key
        self.run = run
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.tenant)
        parameters.append(key.key)
        parameters.append(run)
    }
}
