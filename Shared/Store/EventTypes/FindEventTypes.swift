public import Postgres
public import Webhooks

/// The event types of a tenant's own, by name, with all that is kept of them.
public struct FindEventTypes: Statement {
    public static let sql = """
        SELECT name, description, schema::text, example::text, created_at FROM event_types
         WHERE tenant_id = $1 AND ($2::text IS NULL OR name = $2) ORDER BY name  -- event_types_pkey
        """

    public let tenant: Tenant.ID
    /// Nil: all of them.
    public let name: String?

    public init(tenant: Tenant.ID, name: String? = nil) {
        self.tenant = tenant
        self.name = name
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(name)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantEventType {
        try TenantEventType(row)
    }
}
