public import Postgres
public import Webhooks

/// Locks a tenant's row to the end of the transaction, so that its webhooks, links or inspectors can be counted before
/// one is added.
///
/// A statement of its own, before ``CreateWebhook`` and the like: a later one sees what a concurrent one committed.
public struct LockTenant: Statement {
    public static let sql = """
        SELECT webhooks_version FROM tenants WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE  -- tenants_pkey
        """

    public let id: Tenant.ID

    public init(id: Tenant.ID) { self.id = id }

    public func bind(_ parameters: inout Parameters) { parameters.append(id) }

    /// The tenant's `webhooks_version`.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}
