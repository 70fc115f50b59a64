internal import Postgres
internal import Webhooks

extension APIKey {
    /// Columns `id, tenant_id, name, permissions, hint, created_by, created_at, expires_at, last_used_at`.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        self.init(
            id: try row.column(0), tenantID: try row.column(1), name: try row.column(2),
            permissions: try row.column(3), hint: try row.column(4), createdBy: try row.optional(5),
            createdAt: try row.column(6), expiresAt: try row.optional(7), lastUsedAt: try row.optional(8))
    }
}
