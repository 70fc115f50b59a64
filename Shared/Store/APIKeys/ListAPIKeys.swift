public import Postgres
public import Webhooks

/// A tenant's API keys, newest first by id. After ``SetTenantContext``.
public struct ListAPIKeys: Statement {
    public static let sql = """
        SELECT id, tenant_id, name, permissions, hint, created_by, created_at, expires_at, last_used_at FROM api_keys
         WHERE tenant_id = $1 AND id < $2 AND created_at BETWEEN $3 AND $4  -- api_keys_listed
         ORDER BY id DESC LIMIT $5
        """

    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: APIKey.ID?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        tenant: Tenant.ID, before: APIKey.ID? = nil, created: ClosedRange<Instant> = .always, limit: Int
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

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> APIKey { try APIKey(row) }
}
