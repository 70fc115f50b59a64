public import Postgres
public import Webhooks

/// Notes a change of a webhook, in the transaction of the change. After ``SetTenantContext``.
public struct InsertAuditEntry: Statement {
    public static let sql = """
        INSERT INTO webhook_changes (webhook_id, id, tenant_id, changed_by, changes) VALUES ($1, $2, $3, $4, $5)
        """

    /// Bytes of the name of who made it that are kept.
    private static let nameLimit = 1000

    public let webhook: Webhook.ID
    public let id = AuditEntry.ID()
    public let tenant: Tenant.ID
    public let by: String?
    /// JSON text: `[{"member","from","to"}]`, without secrets.
    public let changes: String

    public init(webhook: Webhook.ID, tenant: Tenant.ID, by: String?, changes: String) {
        self.webhook = webhook
        self.tenant = tenant
        self.by = by
        self.changes = changes
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook)
        parameters.append(id)
        parameters.append(tenant)
        parameters.append(by?.storable(limit: Self.nameLimit))
        parameters.append(changes)
    }
}
