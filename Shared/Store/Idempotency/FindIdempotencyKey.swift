public import Postgres
public import Webhooks

/// Who holds a key, and the answer that was kept. After ``SetTenantContext`` and ``ClaimIdempotencyKey``.
public struct FindIdempotencyKey: Statement {
    public static let sql = """
        SELECT run, body, answer FROM idempotency_keys WHERE tenant_id = $1 AND key = $2  -- idempotency_keys_pkey
        """

    public struct Row: Sendable {
        public let run: Identifier<IdempotencyKey.Run>
        public let body: Fingerprint
        /// Sealed with ``IdempotencyKey/context``; nil while the request runs.
        public let answer: [UInt8]?
    }

    public let key: IdempotencyKey

    public init(_ key: IdempotencyKey) { self.key = key }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.tenant)
        parameters.append(key.key)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(run: try row.column(0), body: try row.column(1), answer: try row.optional(2))
    }
}
