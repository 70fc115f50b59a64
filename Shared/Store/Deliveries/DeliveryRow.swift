internal import Postgres
public import Webhooks

/// A row of `deliveries`, as the ingester writes it.
public struct DeliveryRow: Sendable {
    public let shard: Shard
    public let webhookID: Webhook.ID
    public let id: Delivery.ID
    public let tenantID: Tenant.ID
    public let eventID: Event.ID
    /// Nil: unordered.
    public let orderKey: Int64?
    /// The event's idempotency key, as in ``EventRow``.
    public let key: Fingerprint?

    public init(
        shard: Shard, webhookID: Webhook.ID, id: Delivery.ID, tenantID: Tenant.ID, eventID: Event.ID, orderKey: Int64?,
        key: Fingerprint?
    ) {
        self.shard = shard
        self.webhookID = webhookID
        self.id = id
        self.tenantID = tenantID
        self.eventID = eventID
        self.orderKey = orderKey
        self.key = key
    }
}

extension Parameters {
    /// Shard, webhook, id, tenant, event, order key: an array each.
    mutating func appendDeliveries(_ rows: [DeliveryRow]) {
        appendArray(of: rows) { $0.shard }
        appendArray(of: rows) { $0.webhookID }
        appendArray(of: rows) { $0.id }
        appendArray(of: rows) { $0.tenantID }
        appendArray(of: rows) { $0.eventID }
        appendArray(of: rows) { $0.orderKey }
    }
}
