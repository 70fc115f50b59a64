public import Postgres
public import Webhooks

/// Makes a secret the current one of its kind. The one before it goes, or is kept until ``previousValidUntil``.
///
/// In one transaction with ``CreateWebhook`` or ``UpdateWebhook``, whose version tells the owner. After
/// ``SetTenantContext``.
public struct SaveWebhookSecret: Statement {
    public static let sql = """
        WITH gone AS (
          DELETE FROM webhook_secrets WHERE webhook_id = $1 AND kind = $3  -- webhook_secrets_pkey
             AND ($6::timestamptz IS NULL OR valid_until <= now())),
        previous AS (
          UPDATE webhook_secrets SET valid_until = $6 WHERE webhook_id = $1 AND kind = $3  -- webhook_secrets_pkey
             AND $6::timestamptz IS NOT NULL AND valid_until IS NULL)
        INSERT INTO webhook_secrets (webhook_id, tenant_id, kind, sealed, hint, created_at)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp())
        """

    public let webhook: Webhook.ID
    public let tenant: Tenant.ID
    public let kind: SealedSecret.Kind
    /// Sealed with ``SealedSecret/context(of:for:)``.
    public let sealed: [UInt8]
    public let hint: String?
    public let previousValidUntil: Instant?

    public init(
        webhook: Webhook.ID, tenant: Tenant.ID, kind: SealedSecret.Kind, sealed: [UInt8], hint: String?,
        previousValidUntil: Instant? = nil
    ) {
        self.webhook = webhook
        self.tenant = tenant
        self.kind = kind
        self.sealed = sealed
        self.hint = hint
        self.previousValidUntil = previousValidUntil
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook)
        parameters.append(tenant)
        parameters.append(kind)
        parameters.append(sealed)
        parameters.append(hint)
        parameters.append(previousValidUntil)
    }
}
