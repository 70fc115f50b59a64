public import Postgres
public import Webhooks

/// The secrets of some webhooks that are valid now; the current one of a kind first.
public struct FindWebhookSecrets: Statement {
    public static let sql = """
        SELECT s.webhook_id, s.kind, s.sealed, s.hint, s.created_at, s.valid_until FROM unnest($1) u(webhook)
         CROSS JOIN LATERAL (SELECT * FROM webhook_secrets s WHERE s.webhook_id = u.webhook  -- webhook_secrets_pkey
                AND (s.valid_until IS NULL OR s.valid_until > now()) ORDER BY s.kind, s.created_at DESC OFFSET 0) s
        """

    public let webhooks: [Webhook.ID]

    public init(webhooks: [Webhook.ID]) { self.webhooks = webhooks }

    public var isOmitted: Bool { webhooks.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(webhooks) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> SealedSecret {
        SealedSecret(
            webhookID: try row.column(0), kind: try row.column(1), sealed: try row.column(2), hint: try row.optional(3),
            createdAt: try row.column(4), validUntil: try row.optional(5))
    }
}
