public import Postgres
public import Webhooks

/// Aborts the transaction with ``SQLState/webhookChanged`` unless the webhook is there, at ``version`` where one is
/// given.
///
/// Between ``LockTenant`` and ``UpdateWebhook``, or after ``CreateWebhook`` (which adds none beyond its limit), so that
/// no secret is saved for a change that did not happen. After ``SetTenantContext``.
public struct RequireWebhook: Statement {
    public static let sql = """
        -- webhooks_listed
        SELECT require(EXISTS (SELECT FROM webhooks WHERE id = $1 AND tenant_id = $2 AND deleted_at IS NULL
                                AND ($3::bigint IS NULL OR version = $3)), 'MA004')
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID
    /// Nil: whatever it is.
    public let version: Int64?

    public init(id: Webhook.ID, tenant: Tenant.ID, version: Int64? = nil) {
        self.id = id
        self.tenant = tenant
        self.version = version
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
        parameters.append(version)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
