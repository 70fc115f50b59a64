public import Postgres
internal import Webhooks

/// What is still pending of one event.
///
/// It reads the part of the tenant's lanes that is younger than the event: no index is kept for it.
public struct FindDeliveriesOfEvent: Statement {
    public static let sql = """
        SELECT CASE WHEN w.configuration->'isEnabled' IS DISTINCT FROM 'true' THEN 'held'
                    WHEN greatest(d.due_at, d.not_before) > now() THEN 'scheduled' ELSE 'due' END,
               NULL::text, d.shard, d.webhook_id, d.due_at, d.not_before, d.id, d.tenant_id, d.event_id, d.order_key,
               d.attempt, d.trigger
          FROM webhooks w CROSS JOIN LATERAL (                            -- webhooks_listed
               -- deliveries_pkey
               SELECT * FROM deliveries d WHERE d.shard = $1 AND d.webhook_id = w.id AND d.due_at >= $4
                  AND d.tenant_id = $2 AND d.event_id = $3) d
         WHERE w.tenant_id = $2 AND w.deleted_at IS NULL ORDER BY d.id LIMIT $5
        """

    public let event: EventKey
    /// Rows at most.
    public let limit: Int

    public init(_ event: EventKey, limit: Int = 1000) {
        self.event = event
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(event.shard)
        parameters.append(event.tenantID)
        parameters.append(event.id)
        parameters.append(event.id.earliestDue)
        parameters.append(limit)
    }

    /// ``PendingDelivery/eventType`` is nil: it is that of the event.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PendingDelivery {
        try PendingDelivery(row)
    }
}
