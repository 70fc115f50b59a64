public import Postgres
public import Webhooks

/// How many webhooks a tenant has.
public struct CountWebhooks: Statement {
    public static let sql = """
        SELECT count(*) FROM webhooks WHERE tenant_id = $1 AND deleted_at IS NULL  -- webhooks_listed
        """

    public let tenant: Tenant.ID

    public init(tenant: Tenant.ID) { self.tenant = tenant }

    public func bind(_ parameters: inout Parameters) { parameters.append(tenant) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
