import JSON
import Store
import Webhooks

/// An accepted event, with its data where one is asked for.
struct EventRepresentation {
    let id: Event.ID
    let name: String
    let resourceID: String?
    let occurredAt: Instant?
    /// Of a name outside the catalogue, what its spelling says.
    let type: EventType?
    /// Compact JSON texts; nil in lists.
    let content: (data: [UInt8], related: [UInt8]?)?

    init(_ event: Event, catalogue: EventCatalogue) {
        id = event.id
        name = event.type
        resourceID = event.resourceID
        occurredAt = event.occurredAt
        type = catalogue.type(named: event.type) ?? EventType(openName: event.type)
        content = (event.data, event.related)
    }

    init(_ row: ListedEvent, catalogue: EventCatalogue) {
        id = row.id
        name = row.type
        resourceID = row.resourceID
        occurredAt = row.occurredAt
        type = catalogue.type(named: row.type) ?? EventType(openName: row.type)
        content = nil
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.description)
            writer.member("type", name)
            writer.member("resource", type?.resource)
            writer.member("event", type?.action)
            writer.member("resourceId", resourceID)
            writer.member("occurredAt", occurredAt)
            writer.member("createdAt", Instant(milliseconds: id.ulid.milliseconds))
            guard let content else { return }
            writer.member("data", raw: content.data)
            writer.optional("related", content.related) { $0.raw($1) }
        }
    }
}
