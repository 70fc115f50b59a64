public import Postgres
public import Webhooks

/// Pending deliveries of a tenant, or of one of its webhooks, newest first by id.
///
/// It reads the lanes of the tenant's webhooks whole: no index is kept for it, since every delivery would pay for that.
public struct ListDeliveries: Statement {
    public static let sql = """
        SELECT d.state, e.event_type, d.shard, d.webhook_id, d.due_at, d.not_before, d.id, d.tenant_id, d.event_id,
               d.order_key, d.attempt, d.trigger, d.updated
          FROM (SELECT d.*, CASE WHEN w.configuration->'isEnabled' IS DISTINCT FROM 'true' THEN 'held'
                                 WHEN greatest(d.due_at, d.not_before) > now() THEN 'scheduled' ELSE 'due' END AS state
                  FROM webhooks w CROSS JOIN LATERAL (                    -- webhooks_listed
                       SELECT d.*, coalesce(d.updated_at, to_timestamp(ulid_milliseconds(d.id) / 1000.0)) AS updated
                         FROM deliveries d WHERE d.shard = $1 AND d.webhook_id = w.id  -- deliveries_pkey
                          AND d.tenant_id = $2 AND d.id < $3 AND d.id BETWEEN $4 AND $5) d
                 WHERE w.tenant_id = $2 AND w.deleted_at IS NULL AND ($6::uuid IS NULL OR w.id = $6)) d
          LEFT JOIN LATERAL (SELECT event_type FROM events e
                WHERE e.shard = $1 AND e.tenant_id = $2 AND e.id = d.event_id LIMIT 1) e ON true  -- events_pkey
         WHERE ($7::text IS NULL OR d.state = $7) AND d.updated BETWEEN $8 AND $9
         ORDER BY d.id DESC LIMIT $10
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: Delivery.ID?
    public let webhook: Webhook.ID?
    public let state: PendingDelivery.State?
    public let created: ClosedRange<Instant>
    /// When it was made, or an attempt failed last.
    public let updated: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        shard: Shard, tenant: Tenant.ID, before: Delivery.ID? = nil, webhook: Webhook.ID? = nil,
        state: PendingDelivery.State? = nil, created: ClosedRange<Instant> = .always,
        updated: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.shard = shard
        self.tenant = tenant
        self.before = before
        self.webhook = webhook
        self.state = state
        self.created = created
        self.updated = updated
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(before ?? .greatest)
        parameters.append(Delivery.ID.first(of: created.lowerBound))
        parameters.append(Delivery.ID.last(of: created.upperBound))
        parameters.append(webhook)
        parameters.append(state?.rawValue)
        parameters.append(updated.lowerBound)
        parameters.append(updated.upperBound)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PendingDelivery {
        try PendingDelivery(row)
    }
}
