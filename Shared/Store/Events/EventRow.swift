public import Webhooks

/// A row of `events`, as the ingester writes it.
public struct EventRow: Sendable {
    public let shard: Shard
    public let tenantID: Tenant.ID
    public let id: Event.ID
    /// Of the resource and its id; nil: its data is never taken as the newest of a resource.
    public let resourceKey: Fingerprint?
    public let type: String
    public let resourceID: String?
    public let occurredAt: Instant?
    public let traceparent: String?
    public let tracestate: String?
    /// As ``StoredPayload/encode(_:)`` gives it.
    public let data: [UInt8]
    /// As ``StoredPayload/encode(_:)`` gives it.
    public let related: [UInt8]?
    /// The idempotency key: the row is written only where ``InsertEventKeys`` has won it. Nil: always.
    public let key: Fingerprint?

    public init(
        shard: Shard, tenantID: Tenant.ID, id: Event.ID, resourceKey: Fingerprint?, type: String, resourceID: String?,
        occurredAt: Instant?, traceparent: String?, tracestate: String? = nil, data: [UInt8], related: [UInt8]?,
        key: Fingerprint?
    ) {
        self.shard = shard
        self.tenantID = tenantID
        self.id = id
        self.resourceKey = resourceKey
        self.type = type
        self.resourceID = resourceID
        self.occurredAt = occurredAt
        self.traceparent = traceparent
        self.tracestate = tracestate
        self.data = data
        self.related = related
        self.key = key
    }
}
