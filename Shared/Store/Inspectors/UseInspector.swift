public import Postgres
public import Webhooks

/// Whose inspector a name is. No row: nobody's, or it is over.
///
/// Needs no ``SetTenantContext``: it is asked before the tenant is known, and gives no more than two ids.
public struct UseInspector: Statement {
    public static let sql = """
        SELECT id, tenant_id FROM use_inspector($1)                       -- inspectors_name_key
        """

    public let name: String

    public init(name: String) { self.name = name }

    public func bind(_ parameters: inout Parameters) { parameters.append(name) }

    /// Where a request belongs.
    public struct Place: Sendable {
        public let id: Inspector.ID
        public let tenant: Tenant.ID
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Place {
        Place(id: try row.column(0), tenant: try row.column(1))
    }
}
