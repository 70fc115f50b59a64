public import Postgres
public import Webhooks

/// What a webhook was last sent with success, newest first, with the data that was sent: what debouncing must know of a
/// webhook that another worker had before.
public struct FindRecentlySent: Statement {
    /// Invocations that are looked at: a receiver that was down for a day has nothing but failures.
    static let looked = 2000

    public static let sql = """
        SELECT i.id, e.event_type, e.resource_id, d.data
          FROM (SELECT * FROM (SELECT id, event_id, data_event_id, outcome FROM invocations  -- invocations_pkey
                        WHERE shard = $1 AND webhook_id = $3 AND id >= $4 ORDER BY id DESC LIMIT \(looked)) i
                 WHERE outcome = $5 AND event_id IS NOT NULL ORDER BY id DESC LIMIT $6) i
         CROSS JOIN LATERAL (SELECT e.event_type, e.resource_id FROM events e  -- events_pkey
                WHERE e.shard = $1 AND e.tenant_id = $2 AND e.id = i.event_id LIMIT 1) e
         CROSS JOIN LATERAL (SELECT d.data FROM events d                  -- events_pkey
                WHERE d.shard = $1 AND d.tenant_id = $2 AND d.id = coalesce(i.data_event_id, i.event_id) LIMIT 1) d
         WHERE e.resource_id IS NOT NULL ORDER BY i.id DESC
        """

    public struct Row: Sendable {
        /// When it ended, by the database's clock.
        public let sentAt: Instant
        /// Name of the event's type.
        public let type: String
        public let resourceID: String
        /// Whole, whatever of it was sent.
        public let data: [UInt8]
    }

    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhook: Webhook.ID
    public let since: Instant
    /// Invocations at most.
    public let limit: Int

    public init(shard: Shard, tenant: Tenant.ID, webhook: Webhook.ID, since: Instant, limit: Int) {
        self.shard = shard
        self.tenant = tenant
        self.webhook = webhook
        self.since = since
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(webhook)
        parameters.append(Invocation.ID.first(of: since))
        parameters.append(Outcome.succeeded)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let id: Invocation.ID = try row.column(0)
        return Row(
            sentAt: Instant(milliseconds: id.ulid.milliseconds), type: try row.column(1),
            resourceID: try row.column(2), data: try row.payload(3))
    }
}
