public import Postgres
import Webhooks

/// Secrets of all webhooks in the order of their key, a batch at a time: for who seals them anew. As the owner.
public struct FindSealedSecrets: Statement {
    public static let sql = """
        SELECT webhook_id, kind, sealed, hint, created_at, valid_until FROM webhook_secrets
         WHERE (webhook_id, kind, created_at) > ($1, $2, $3)              -- webhook_secrets_pkey
         ORDER BY webhook_id, kind, created_at LIMIT $4
        """

    /// Nil: from the first one.
    public let last: SealedSecret?
    /// Rows at most.
    public let limit: Int

    public init(after last: SealedSecret?, limit: Int) {
        self.last = last
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(last?.webhookID ?? Webhook.ID(ULID(0)))
        parameters.append(last?.kind ?? .signing)
        parameters.append(last?.createdAt ?? .distantPast)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> SealedSecret {
        SealedSecret(
            webhookID: try row.column(0), kind: try row.column(1), sealed: try row.column(2),
            hint: try row.optional(3), createdAt: try row.column(4), validUntil: try row.optional(5))
    }
}
