internal import Postgres
internal import Webhooks

extension Webhook {
    /// Columns, from `first` on: id, tenant_id, shard, configuration, disabled_reason, version, created_at, updated_at.
    init(_ row: borrowing RowReader, from first: Int = 0) throws(PostgresError) {
        let configuration: PostgresJSON = try row.column(first + 3)
        self.init(
            id: try row.column(first), tenantID: try row.column(first + 1), shard: try row.column(first + 2),
            configuration: try configuration.decoded(), disabledReason: try row.optional(first + 4),
            version: try row.column(first + 5), createdAt: try row.column(first + 6),
            updatedAt: try row.column(first + 7))
    }
}
