public import Postgres
public import Webhooks

/// How many deliveries of a tenant, or of one webhook of it, are pending, and which of them is the oldest. No row: none
/// is.
public struct MeasureQueue: Statement {
    public static let sql = """
        SELECT sum(d.count)::bigint, min(d.oldest)::text::uuid
          FROM (SELECT w.id FROM webhooks w WHERE w.tenant_id = $2 AND w.deleted_at IS NULL  -- webhooks_listed
                   AND ($3::uuid IS NULL OR w.id = $3) OFFSET 0) w
         CROSS JOIN LATERAL (SELECT count(*) AS count, min(d.id::text) AS oldest FROM deliveries d
                WHERE d.shard = $1 AND d.webhook_id = w.id AND d.tenant_id = $2) d  -- deliveries_pkey
        HAVING sum(d.count) > 0
        """

    public struct Row: Sendable, Hashable {
        public let depth: Int
        /// The delivery that was made first.
        public let oldest: Delivery.ID
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    /// Nil: all of them.
    public let webhook: Webhook.ID?

    public init(shard: Shard, tenant: Tenant.ID, webhook: Webhook.ID? = nil) {
        self.shard = shard
        self.tenant = tenant
        self.webhook = webhook
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhook)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(depth: try row.column(0), oldest: try row.column(1))
    }
}
