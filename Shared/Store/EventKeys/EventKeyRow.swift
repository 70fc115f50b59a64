internal import Postgres
public import Webhooks

/// A row of `event_keys`: the producer's `id` of one event of a batch.
public struct EventKeyRow: Sendable, Hashable {
    public let shard: Shard
    public let tenantID: Tenant.ID
    /// Of the producer's `id`.
    public let key: Fingerprint
    public let eventID: Event.ID
    /// Of the content.
    public let body: Fingerprint
    /// How many deliveries the event is given: told again to whoever repeats it.
    public let deliveries: Int32

    public init(
        shard: Shard, tenantID: Tenant.ID, key: Fingerprint, eventID: Event.ID, body: Fingerprint, deliveries: Int32
    ) {
        self.shard = shard
        self.tenantID = tenantID
        self.key = key
        self.eventID = eventID
        self.body = body
        self.deliveries = deliveries
    }
}

extension Parameters {
    /// Shard, tenant, key, event, body: an array each.
    mutating func appendKeys(_ rows: [EventKeyRow]) {
        appendArray(of: rows) { $0.shard }
        appendArray(of: rows) { $0.tenantID }
        appendArray(of: rows) { $0.key }
        appendArray(of: rows) { $0.eventID }
        appendArray(of: rows) { $0.body }
    }
}
