import EventPatterns
public import JSON

/// An event as filters see it: the envelope of dialect `standard` with the event's own data, whatever a webhook's
/// dialect is.
public struct FilteredEvent: Sendable {
    private let id: Event.ID
    private let type: EventType
    private let timestamp: Instant
    private let resourceID: String?
    private let tenantIdentifier: String
    private let data: JSONValue
    private let related: JSONValue?

    /// - Parameters:
    ///   - type: its name; one outside the catalogue is read as that of an open one.
    ///   - tenantIdentifier: as in `X-tenant-ID`.
    public init(
        id: Event.ID, type: String, occurredAt: Instant?, resourceID: String?, tenantIdentifier: String,
        data: JSONValue, related: JSONValue?
    ) {
        self.id = id
        self.type =
            EventCatalogue.standard.type(named: type) ?? EventType(openName: type)
            ?? EventType(name: type, resource: type, action: type)
        timestamp = occurredAt ?? Instant(milliseconds: id.ulid.milliseconds)
        self.resourceID = resourceID
        self.tenantIdentifier = tenantIdentifier
        self.data = data
        self.related = related
    }

    /// Nil where the event's data is no JSON text, which nobody stores.
    public init?(_ event: Event, tenantIdentifier: String) {
        guard let data = try? JSONDocument(parsing: event.data).root else { return nil }
        self.init(
            id: event.id, type: event.type, occurredAt: event.occurredAt, resourceID: event.resourceID,
            tenantIdentifier: tenantIdentifier, data: data,
            related: event.related.flatMap { try? JSONDocument(parsing: $0).root })
    }

    func member(_ name: String, for webhook: Webhook.ID) -> EventFilter.Member? {
        switch name {
        case "id": .text(id.description)
        case "type": .text(type.name)
        case "timestamp": .text(timestamp.rfc3339)
        case "resource": .text(type.resource)
        case "event": .text(type.action)
        case "resourceId": resourceID.map(EventFilter.Member.text) ?? .null
        case "tenantId": .text(tenantIdentifier)
        case "webhookId": .text(webhook.description)
        case "data": .value(data)
        case "related": related.map(EventFilter.Member.value)
        default: nil
        }
    }
}
