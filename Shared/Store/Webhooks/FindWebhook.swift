public import Postgres
public import Webhooks

/// One webhook of a tenant. No row: there is none with this id, it is another tenant's, or it was deleted.
public struct FindWebhook: Statement {
    public static let sql = """
        SELECT id, tenant_id, shard, configuration, disabled_reason, version, created_at, updated_at
          FROM webhooks WHERE id = $1 AND tenant_id = $2 AND deleted_at IS NULL  -- webhooks_listed
        """

    public let id: Webhook.ID
    public let tenant: Tenant.ID

    public init(id: Webhook.ID, tenant: Tenant.ID) {
        self.id = id
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook { try Webhook(row) }
}
