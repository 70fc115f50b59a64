internal import Postgres
public import Webhooks

/// What one transaction has added or changed; it became visible with it.
public struct Wake: Sendable, Hashable {
    /// `xid8`: ids are not given in the order of commits.
    public let transaction: UInt64
    /// New deliveries are due from here on, by the database's clock.
    public let dueAt: Instant
    /// The shard of each of `webhooks`.
    public let shards: [Shard]
    /// Lanes that have something new.
    public let webhooks: [Webhook.ID]
    /// Tenants whose webhooks have changed.
    public let tenants: [Tenant.ID]
    /// Rows of these lanes were deleted: what was read of them may be gone.
    public let removes: Bool

    /// Columns: xid, due_at, shards, webhooks, tenants, removes.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let xid: PostgresTransactionID = try row.column(0)
        transaction = xid.value
        dueAt = try row.column(1)
        shards = try row.column(2)
        webhooks = try row.column(3)
        tenants = try row.column(4)
        removes = try row.optional(5) ?? false
    }
}
