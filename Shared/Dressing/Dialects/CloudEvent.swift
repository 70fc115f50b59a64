import Webhooks

/// An event as CloudEvents 1.0 has it, in structured mode: what `format: cloudevents` makes of the envelope.
///
/// Source: github.com/cloudevents/spec, v1.0.2, and its JSON format.
enum CloudEvent {
    static let contentType = "application/cloudevents+json"

    /// Attributes, then extensions (names of small letters, scalar values), then the event's data. A missing resource
    /// id is left out, as the format knows no `null`.
    static func members(of subject: Subject, from sender: Sender) -> [PayloadMember] {
        let event = subject.event
        var members = [
            PayloadMember("specversion", "1.0"), PayloadMember("id", subject.eventID),
            PayloadMember("source", "/tenants/\(sender.tenantIdentifier)"), PayloadMember("type", event.type),
        ]
        if let resourceID = event.resourceID, !resourceID.isEmpty {
            members.append(PayloadMember("subject", resourceID))
        }
        members += [
            PayloadMember("time", subject.timestamp), PayloadMember("datacontenttype", "application/json"),
            PayloadMember("resource", subject.type.resource), PayloadMember("action", subject.type.action),
            PayloadMember("webhookid", sender.webhookID), PayloadMember("data", json: event.data),
        ]
        return members
    }
}
