internal import Postgres
public import Webhooks

/// A tenant as its row says.
public struct TenantRecord: Sendable, Hashable {
    public let tenant: Tenant
    /// Raised by every change of the tenant or of a webhook of it.
    public let webhooksVersion: Int64

    /// Columns: id, identifier, name, shard, settings, created_at, updated_at, webhooks_version.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let settings: PostgresJSON = try row.column(4)
        tenant = Tenant(
            id: try row.column(0), identifier: try row.column(1), name: try row.column(2), shard: try row.column(3),
            settings: try settings.decoded(), createdAt: try row.column(5), updatedAt: try row.column(6))
        webhooksVersion = try row.column(7)
    }
}
