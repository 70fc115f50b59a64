public import Postgres
public import Webhooks

/// Forgets the secrets of one kind: `authentication` was taken away.
///
/// In one transaction with ``UpdateWebhook``. After ``SetTenantContext``.
public struct DeleteWebhookSecrets: Statement {
    public static let sql = """
        DELETE FROM webhook_secrets WHERE webhook_id = $1 AND tenant_id = $2 AND kind = $3  -- webhook_secrets_pkey
        """

    public let webhook: Webhook.ID
    public let tenant: Tenant.ID
    public let kind: SealedSecret.Kind

    public init(webhook: Webhook.ID, tenant: Tenant.ID, kind: SealedSecret.Kind) {
        self.webhook = webhook
        self.tenant = tenant
        self.kind = kind
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook)
        parameters.append(tenant)
        parameters.append(kind)
    }
}
