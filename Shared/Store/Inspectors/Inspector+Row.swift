internal import Postgres
internal import Webhooks

extension Inspector {
    /// Columns `id, tenant_id, name, created_at, expires_at`.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        self.init(
            id: try row.column(0), tenantID: try row.column(1), name: try row.column(2), createdAt: try row.column(3),
            expiresAt: try row.column(4))
    }
}
