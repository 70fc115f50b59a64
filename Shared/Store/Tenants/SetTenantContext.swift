public import Postgres
public import Webhooks

/// Says for the rest of the transaction whose rows may be seen: the first statement of each transaction of the API.
public struct SetTenantContext: Statement {
    public static let sql = """
        SELECT set_config('martlet.tenant_id', $1::uuid::text, true)
        """

    public let tenant: Tenant.ID

    public init(tenant: Tenant.ID) { self.tenant = tenant }

    public func bind(_ parameters: inout Parameters) { parameters.append(tenant) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
