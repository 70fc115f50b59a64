public import Postgres
public import Webhooks

/// A tenant's inspectors that are not over, newest first by id. After ``SetTenantContext``.
public struct ListInspectors: Statement {
    public static let sql = """
        SELECT id, tenant_id, name, created_at, expires_at FROM inspectors
         WHERE tenant_id = $1 AND id < $2 AND created_at BETWEEN $3 AND $4 AND expires_at > now()  -- inspectors_listed
         ORDER BY id DESC LIMIT $5
        """

    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: Inspector.ID?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        tenant: Tenant.ID, before: Inspector.ID? = nil, created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.tenant = tenant
        self.before = before
        self.created = created
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(before ?? .greatest)
        parameters.append(created.lowerBound)
        parameters.append(created.upperBound)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Inspector { try Inspector(row) }
}
