public import Postgres
public import Webhooks

/// Takes a key for a request: one that nobody has, whose day is over, or whose holder died. Else nothing happens;
/// ``FindIdempotencyKey``, in the same transaction, tells who holds it.
///
/// After ``SetTenantContext``.
public struct ClaimIdempotencyKey: Statement {
    public static let sql = """
        INSERT INTO idempotency_keys AS k (tenant_id, key, body, run, runs_until)
        VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')
        ON CONFLICT (tenant_id, key) DO UPDATE                            -- idempotency_keys_pkey
           SET body = excluded.body, run = excluded.run, runs_until = excluded.runs_until, answer = NULL,
               created_at = now()
         WHERE k.created_at <= now() - $6 * interval '1 second' OR k.answer IS NULL AND k.runs_until <= now()
        """

    public let key: IdempotencyKey
    /// Digest of the request.
    public let body: Fingerprint
    public let run: Identifier<IdempotencyKey.Run>
    /// How long the request may take.
    public let patience: Duration

    public init(
        _ key: IdempotencyKey, body: Fingerprint, run: Identifier<IdempotencyKey.Run>, patience: Duration
    ) {
        self.key = key
        self.body = body
        self.run = run
        self.patience = patience
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.tenant)
        parameters.append(key.key)
        parameters.append(body)
        parameters.append(run)
        parameters.append(patience / .seconds(1))
        parameters.append(IdempotencyKey.lifetime / .seconds(1))
    }
}
