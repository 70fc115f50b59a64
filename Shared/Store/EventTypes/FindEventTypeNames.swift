public import Postgres
public import Webhooks

/// The names of the event types that some tenants have of their own.
public struct FindEventTypeNames: Statement {
    public static let sql = """
        SELECT e.tenant_id, e.name FROM unnest($1) u(tenant)
         CROSS JOIN LATERAL (SELECT e.tenant_id, e.name FROM event_types e WHERE e.tenant_id = u.tenant
                ORDER BY e.tenant_id, e.name OFFSET 0) e                  -- event_types_pkey
        """

    public struct Row: Sendable, Hashable {
        public let tenantID: Tenant.ID
        public let name: String
    }

    public let tenants: [Tenant.ID]

    public init(tenants: [Tenant.ID]) { self.tenants = tenants }

    public var isOmitted: Bool { tenants.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(tenants) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(tenantID: try row.column(0), name: try row.column(1))
    }
}
