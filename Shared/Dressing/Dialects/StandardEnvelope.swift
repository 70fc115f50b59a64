import JSON
import Webhooks

/// The payload of dialect `standard`: who, what, when, and the event's data as it came.
struct StandardEnvelope {
    private let event: Event
    private let id: String
    private let type: EventType
    private let webhook: PreparedWebhook

    init(_ event: Event, id: String, type: EventType, webhook: PreparedWebhook) {
        self.event = event
        self.id = id
        self.type = type
        self.webhook = webhook
    }

    private var timestamp: String { (event.occurredAt ?? event.acceptedAt).rfc3339 }

    /// Compact JSON text.
    var body: [UInt8] {
        var writer = JSONWriter(capacity: event.data.count + (event.related?.count ?? 0) + 512)
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", event.type)
        writer.member("timestamp", timestamp)
        writer.member("resource", type.resource)
        writer.member("event", type.action)
        writer.member("resourceId", event.resourceID)
        writer.member("tenantId", webhook.tenantIdentifier)
        writer.member("webhookId", webhook.webhookID)
        writer.member("data", raw: event.data)
        if let related = event.related { writer.member("related", raw: related) }
        writer.endObject()
        return writer.bytes
    }

    /// The same members for a query, in the same order: strings as they are, all else as JSON text.
    var members: [(name: String, value: [UInt8])] {
        var members = [
            ("id", id), ("type", event.type), ("timestamp", timestamp), ("resource", type.resource),
            ("event", type.action), ("resourceId", event.resourceID ?? "null"),
            ("tenantId", webhook.tenantIdentifier), ("webhookId", webhook.webhookID),
        ].map { (name: $0.0, value: Array($0.1.utf8)) }
        members.append(("data", event.data))
        if let related = event.related { members.append(("related", related)) }
        return members
    }
}
