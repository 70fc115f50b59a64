public import Postgres
public import Webhooks

/// Deliveries of one event, pending and settled, newest first by id; none to webhooks that are deleted.
///
/// One statement, so one snapshot: a delivery is pending, or has invocations, or was cancelled: none is missed.
/// It reads the part of the tenant's lanes that is younger than the event, since no index is kept for it, and the
/// history of the event.
public struct ListDeliveriesOfEvent: Statement {
    public static let sql = """
        SELECT d.id, d.webhook_id, max(d.state) FROM (
               SELECT d.id, w.id AS webhook_id,
                      CASE WHEN w.configuration->'isEnabled' IS DISTINCT FROM 'true' THEN 'held'
                           WHEN greatest(d.due_at, d.not_before) > now() THEN 'scheduled' ELSE 'due' END AS state
                 FROM webhooks w CROSS JOIN LATERAL (                     -- webhooks_listed
                      -- deliveries_pkey
                      SELECT * FROM deliveries d WHERE d.shard = $1 AND d.webhook_id = w.id AND d.due_at >= $4
                         AND d.tenant_id = $2 AND d.event_id = $3) d
                WHERE w.tenant_id = $2 AND w.deleted_at IS NULL
               UNION ALL
               SELECT delivery_id, webhook_id, NULL FROM invocations      -- invocations_event
                WHERE shard = $1 AND event_id = $3 AND tenant_id = $2 AND delivery_id IS NOT NULL
               UNION ALL
               SELECT id, webhook_id, NULL FROM cancelled_deliveries      -- cancelled_deliveries_pkey
                WHERE shard = $1 AND tenant_id = $2 AND event_id = $3) d
         WHERE d.id < $5 AND d.id BETWEEN $6 AND $7
           AND EXISTS (SELECT FROM webhooks w                             -- webhooks_listed
                        WHERE w.tenant_id = $2 AND w.id = d.webhook_id AND w.deleted_at IS NULL)
         GROUP BY d.id, d.webhook_id ORDER BY d.id DESC LIMIT $8
        """

    public struct Row: Sendable, Hashable {
        public let id: Delivery.ID
        public let webhookID: Webhook.ID
        /// Nil: settled.
        public let pending: PendingDelivery.State?
    }

    public let event: EventKey
    /// Only ids below it; nil: from the newest.
    public let before: Delivery.ID?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        _ event: EventKey, before: Delivery.ID? = nil, created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.event = event
        self.before = before
        self.created = created
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(event.shard)
        parameters.append(event.tenantID)
        parameters.append(event.id)
        parameters.append(event.id.earliestDue)
        parameters.append(before ?? .greatest)
        parameters.append(Delivery.ID.first(of: created.lowerBound))
        parameters.append(Delivery.ID.last(of: created.upperBound))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let state: String? = try row.optional(2)
        return Row(
            id: try row.column(0), webhookID: try row.column(1), pending: state.flatMap(PendingDelivery.State.init))
    }
}
