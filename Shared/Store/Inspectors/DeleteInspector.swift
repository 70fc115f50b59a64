public import Postgres
public import Webhooks

/// Deletes an inspector with all that it was sent. No row: there is none. After ``SetTenantContext``.
public struct DeleteInspector: Statement {
    public static let sql = """
        DELETE FROM inspectors WHERE id = $1 AND tenant_id = $2 RETURNING id  -- inspectors_listed
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

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Inspector.ID { try row.column(0) }
}
