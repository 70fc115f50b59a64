/// One thing that happened. Immutable once accepted.
public struct Event: Identified, Hashable, Sendable {
    public static let identifierPrefix = "evt"
    public typealias ID = Identifier<Event>

    public let id: ID
    public let tenantID: Tenant.ID
    /// A name of the catalogue, e.g. `order-created`.
    public let type: String
    public let resourceID: String?
    /// As the producer said; nil: when it was accepted.
    public let occurredAt: Instant?
    /// Which trace the producer's request belonged to: the text of a ``Traceparent``.
    public let traceparent: String?
    /// The text of a ``Tracestate``; nil without a `traceparent`.
    public let tracestate: String?
    /// Compact JSON text of an object.
    public let data: [UInt8]
    /// Compact JSON text, nil where there was none.
    public let related: [UInt8]?

    public init(
        id: ID, tenantID: Tenant.ID, type: String, resourceID: String?, occurredAt: Instant?, traceparent: String?,
        tracestate: String? = nil, data: [UInt8], related: [UInt8]?
    ) {
        self.id = id
        self.tenantID = tenantID
        self.type = type
        self.resourceID = resourceID
        self.occurredAt = occurredAt
        self.traceparent = traceparent
        self.tracestate = tracestate
        self.data = data
        self.related = related
    }

    /// The same with other data in the place of its own.
    public func with(data: [UInt8], related: [UInt8]?) -> Event {
        Event(
            id: id, tenantID: tenantID, type: type, resourceID: resourceID, occurredAt: occurredAt,
            traceparent: traceparent, tracestate: tracestate, data: data, related: related)
    }

    /// When the ingester took it: the time inside its id.
    public var acceptedAt: Instant { Instant(milliseconds: id.ulid.milliseconds) }
}
