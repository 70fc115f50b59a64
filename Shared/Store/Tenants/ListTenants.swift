public import Postgres
public import Webhooks

/// Tenants, newest first by id.
public struct ListTenants: Statement {
    public static let sql = """
        SELECT id, identifier, name, shard, settings, created_at, updated_at, webhooks_version FROM tenants
         WHERE id < $1 AND deleted_at IS NULL                             -- tenants_pkey
           AND created_at BETWEEN $2 AND $3 AND updated_at BETWEEN $4 AND $5
         ORDER BY id DESC LIMIT $6
        """

    /// Only ids below it; nil: from the newest.
    public let before: Tenant.ID?
    public let created: ClosedRange<Instant>
    public let updated: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        before: Tenant.ID? = nil, created: ClosedRange<Instant> = .always, updated: ClosedRange<Instant> = .always,
        limit: Int
    ) {
        self.before = before
        self.created = created
        self.updated = updated
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(before ?? .greatest)
        parameters.append(created.lowerBound)
        parameters.append(created.upperBound)
        parameters.append(updated.lowerBound)
        parameters.append(updated.upperBound)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantRecord {
        try TenantRecord(row)
    }
}
