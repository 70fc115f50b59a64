import Webhooks

/// Martlet's own: an envelope that says who, what and when around the event's data, signed by Standard Webhooks.
struct StandardDialect: DialectRules {
    let terms = DialectTerms(
        maxAttempts: 10, takesHTTP: true, hasChoices: true, plainSecrets: nil,
        fieldNames: ["webhook-id", "webhook-timestamp", "webhook-signature"])

    func dress(_ sender: Sender, secrets: WebhookSecrets) throws(PreparedWebhook.Failure) -> any Dress {
        StandardDress(sender: sender, keys: try SigningKeys(secrets, versions: sender.configuration.signatures))
    }
}

struct StandardDress: Dress {
    let sender: Sender
    let keys: SigningKeys

    private var isCloudEvent: Bool { sender.configuration.format == .cloudevents }

    var contentType: String { isCloudEvent ? CloudEvent.contentType : "application/json" }

    func members(of subject: Subject) -> [PayloadMember] {
        isCloudEvent ? CloudEvent.members(of: subject, from: sender) : Self.envelope(of: subject, from: sender)
    }

    /// In a CloudEvent the result of a query is its data, with the event's own below it where that is wanted; else it
    /// would be none any more.
    func members(of subject: Subject, result: [UInt8], keepsDefault: Bool) -> [PayloadMember] {
        var own = PayloadMember.all(in: result)
        guard isCloudEvent else {
            return keepsDefault ? PayloadMember.merge(own, into: members(of: subject)) : own
        }
        if keepsDefault { own = PayloadMember.merge(own, into: PayloadMember.all(in: subject.event.data)) }
        return PayloadMember.merge(
            [PayloadMember("data", json: PayloadMember.text(of: own))], into: members(of: subject))
    }

    func body(of subject: Subject, result: [UInt8]?, keepsDefault: Bool) -> [UInt8] {
        guard let result else { return body(of: subject) }
        guard keepsDefault || isCloudEvent else { return result }
        return PayloadMember.text(of: members(of: subject, result: result, keepsDefault: keepsDefault))
    }

    static func envelope(of subject: Subject, from sender: Sender) -> [PayloadMember] {
        let event = subject.event
        var members = [
            PayloadMember("id", subject.eventID), PayloadMember("type", event.type),
            PayloadMember("timestamp", subject.timestamp), PayloadMember("resource", subject.type.resource),
            PayloadMember("event", subject.type.action), PayloadMember("resourceId", orNull: event.resourceID),
            PayloadMember("tenantId", sender.tenantIdentifier), PayloadMember("webhookId", sender.webhookID),
            PayloadMember("data", json: event.data),
        ]
        if let related = event.related { members.append(PayloadMember("related", json: related)) }
        return members
    }

    func fields(for content: Content, on occasion: Occasion) -> [(name: String, value: String)] {
        let timestamp = occasion.instant.seconds
        let signed =
            switch content {
            case .body(let body): body
            case .query(_, let text): text
            }
        return [
            ("webhook-id", occasion.eventID), ("webhook-timestamp", String(timestamp)),
            (
                "webhook-signature",
                keys.signature(id: occasion.eventID, timestamp: timestamp, content: signed, at: occasion.instant)
            ),
        ]
    }
}
