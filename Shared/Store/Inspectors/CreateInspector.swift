public import Postgres
public import Webhooks

/// Makes an inspector. No row: the tenant has as many as it may. After ``SetTenantContext`` and ``LockTenant``.
public struct CreateInspector: Statement {
    public static let sql = """
        INSERT INTO inspectors (id, tenant_id, name, created_at, expires_at) SELECT $1, $2, $3, $4, $5
         WHERE (SELECT count(*) FROM inspectors WHERE tenant_id = $2 AND expires_at > now()) < $6  -- inspectors_listed
        RETURNING id
        """

    public let inspector: Inspector
    /// Inspectors of a tenant at a time.
    public let limit: Int

    public init(_ inspector: Inspector, limit: Int) {
        self.inspector = inspector
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(inspector.id)
        parameters.append(inspector.tenantID)
        parameters.append(inspector.name)
        parameters.append(inspector.createdAt)
        parameters.append(inspector.expiresAt)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Inspector.ID { try row.column(0) }
}
