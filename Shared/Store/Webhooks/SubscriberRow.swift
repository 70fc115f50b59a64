internal import Postgres
public import Webhooks

/// All that the owner of a lane must know of its webhook: itself, its tenant's identifier and settings, its secrets.
public struct SubscriberRow: Sendable {
    public let webhook: Webhook
    /// The tenant's `webhooks_version` in the snapshot of this row: it has all changes up to there.
    public let tenantVersion: Int64
    public let tenantIdentifier: String
    public let tenantSettings: TenantSettings
    /// The tenant's signature secret, sealed with the tenant id's text as context.
    public let signatureSecret: [UInt8]?
    /// Those that are valid now; the current one of a kind first.
    public let secrets: [SealedSecret]

    /// Columns: the webhook's eight; of the tenant webhooks_version, identifier, settings, signature_secret; and
    /// of the secrets the arrays kind, sealed, created_at, valid_until.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let webhook = try Webhook(row)
        let settings: PostgresJSON = try row.column(10)
        let kinds: [SealedSecret.Kind] = try row.column(12)
        let sealed: [[UInt8]] = try row.column(13)
        let created: [Instant] = try row.column(14)
        let valid: [Instant?] = try row.column(15)
        guard kinds.count == sealed.count, kinds.count == created.count, kinds.count == valid.count else {
            throw .decoding("secrets of a webhook do not match")
        }
        self.webhook = webhook
        tenantVersion = try row.column(8)
        tenantIdentifier = try row.column(9)
        tenantSettings = try settings.decoded()
        signatureSecret = try row.optional(11)
        secrets = kinds.indices.map {
            SealedSecret(
                webhookID: webhook.id, kind: kinds[$0], sealed: sealed[$0], hint: nil, createdAt: created[$0],
                validUntil: valid[$0])
        }
    }
}
