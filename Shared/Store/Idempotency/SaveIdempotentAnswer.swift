public import Postgres
public import Webhooks

/// Keeps the answer of a request under its key, unless another run holds it by now. After ``SetTenantContext``.
public struct SaveIdempotentAnswer: Statement {
    public static let sql = """
        UPDATE idempotency_keys SET answer = $4
         WHERE tenant_id = $1 AND key = $2 AND run = $3                   -- idempotency_keys_pkey
        """

    public let key: IdempotencyKey
    public let run: Identifier<IdempotencyKey.Run>
    /// Sealed with ``IdempotencyKey/context``.
    public let answer: [UInt8]

    public init(_ key: IdempotencyKey, run: Identifier<IdempotencyKey.Run>, answer: [UInt8]) {
        self.key = key
        self.run = run
        self.answer = answer
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.tenant)
        parameters.append(key.key)
        parameters.append(run)
        parameters.append(answer)
    }
}
