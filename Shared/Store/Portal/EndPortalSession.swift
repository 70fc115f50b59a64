public import Postgres
public import Webhooks

/// Ends a session. No row: there is none, or it is another tenant's. After ``SetTenantContext``.
public struct EndPortalSession: Statement {
    public static let sql = """
        DELETE FROM portal_sessions WHERE id = $1 AND tenant_id = $2 RETURNING id  -- portal_sessions_pkey
        """

    public let id: PortalSession.ID
    public let tenant: Tenant.ID

    public init(id: PortalSession.ID, tenant: Tenant.ID) {
        self.id = id
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PortalSession.ID {
        try row.column(0)
    }
}
