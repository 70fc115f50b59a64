public import Postgres
public import Webhooks

/// Owes the events of a batch, those whose key is theirs, to the webhooks that match. Due at once, by the database's
/// clock.
///
/// Rows sorted by (shard, webhook, event); after ``InsertEventKeys``.
public struct InsertDeliveries: Statement {
    public static let sql = """
        INSERT INTO deliveries (shard, webhook_id, due_at, id, tenant_id, event_id, order_key)
        SELECT u.shard, u.webhook, now(), u.id, u.tenant, u.event, u.order_key
          FROM unnest($1, $2, $3, $4, $5, $6, $7) u(shard, webhook, id, tenant, event, order_key, key)
         WHERE u.key IS NULL OR EXISTS (
               -- event_keys_pkey
               SELECT 1 FROM event_keys k WHERE k.shard = u.shard AND k.tenant_id = u.tenant AND k.key = u.key
                  AND k.day = (coalesce($8, now()) AT TIME ZONE 'UTC')::date AND k.event_id = u.event)
        """

    public let rows: [DeliveryRow]
    /// Nil: the database's clock; tests pass an instant.
    public let at: Instant?

    public init(_ rows: [DeliveryRow], at: Instant? = nil) {
        self.rows = rows
        self.at = at
    }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendDeliveries(rows)
        parameters.appendArray(of: rows) { $0.key }
        parameters.append(at)
    }
}
