public import Postgres
public import Webhooks

/// One inspector that is not over. After ``SetTenantContext``.
public struct FindInspector: Statement {
    public static let sql = """
        SELECT id, tenant_id, name, created_at, expires_at FROM inspectors
         WHERE id = $1 AND tenant_id = $2 AND expires_at > now()          -- inspectors_listed
        """

    public let id: Inspector.ID
    public let tenant: Tenant.ID

    public init(id: Inspector.ID, tenant: Tenant.ID) {
        self.id = id
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Inspector { try Inspector(row) }
}
