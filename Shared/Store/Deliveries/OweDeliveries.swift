public import Postgres
public import Webhooks

/// Owes stored events to webhooks: by the owner of their shards, in a transaction that ends with ``RequireShards``. Due
/// at once, by the database's clock.
public struct OweDeliveries: Statement {
    public static let sql = """
        INSERT INTO deliveries (shard, webhook_id, due_at, id, tenant_id, event_id, order_key, trigger)
        SELECT u.shard, u.webhook, now(), u.id, u.tenant, u.event, u.order_key, $7
          FROM unnest($1, $2, $3, $4, $5, $6) u(shard, webhook, id, tenant, event, order_key)
        """

    /// ``DeliveryRow/key`` does not count here.
    public let rows: [DeliveryRow]
    public let trigger: Delivery.Trigger

    public init(_ rows: [DeliveryRow], trigger: Delivery.Trigger) {
        self.rows = rows
        self.trigger = trigger
    }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendDeliveries(rows)
        parameters.append(trigger)
    }
}
