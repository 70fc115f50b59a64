public import Postgres
public import Webhooks

/// Puts secrets that were sealed anew in the place of the old ones, unless somebody has replaced those meanwhile.
///
/// What is inside stays the same, so no webhook counts as changed. As the owner.
public struct ResealSecrets: Statement {
    public static let sql = """
        UPDATE webhook_secrets s SET sealed = n.new
          FROM unnest($1::uuid[], $2::int2[], $3::timestamptz[], $4::bytea[], $5::bytea[])
            AS n (webhook_id, kind, created_at, old, new)
         WHERE s.webhook_id = n.webhook_id AND s.kind = n.kind AND s.created_at = n.created_at  -- webhook_secrets_pkey
           AND s.sealed = n.old
        RETURNING s.webhook_id
        """

    public let secrets: [(old: SealedSecret, new: [UInt8])]

    public init(_ secrets: [(old: SealedSecret, new: [UInt8])]) { self.secrets = secrets }

    public var isOmitted: Bool { secrets.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(secrets.map(\.old.webhookID))
        parameters.append(secrets.map(\.old.kind))
        parameters.append(secrets.map(\.old.createdAt))
        parameters.append(secrets.map(\.old.sealed))
        parameters.append(secrets.map(\.new))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook.ID { try row.column(0) }
}
