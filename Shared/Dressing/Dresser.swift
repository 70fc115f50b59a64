public import Webhooks

/// Turns an event and a webhook into a signed request. Pure: the same arguments give the same request.
public struct Dresser: Sendable {
    private let catalogue: EventCatalogue

    /// - Parameter catalogue: says which resource and action a type stands for.
    public init(catalogue: EventCatalogue = .standard) { self.catalogue = catalogue }

    /// The request of one attempt of a delivery.
    ///
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - instant: when it is sent: the time of the signature.
    public func dress(
        _ event: Event, for webhook: PreparedWebhook, delivery: Delivery, attempt: Int16, at instant: Instant
    ) -> DressedRequest {
        dress(event, for: webhook, deliveryID: delivery.id, attempt: attempt, at: instant)
    }

    /// - Parameter deliveryID: nil for a test send, which has none and says nothing of it.
    public func dress(
        _ event: Event, for webhook: PreparedWebhook, deliveryID: Delivery.ID?, attempt: Int16 = 1, at instant: Instant
    ) -> DressedRequest {
        let eventID = event.id.description
        let envelope = StandardEnvelope(event, id: eventID, type: type(of: event), webhook: webhook)
        let content: [UInt8]
        var url = webhook.webhook.configuration.url
        if let taken = webhook.queryNames {
            content = QueryText.text(of: envelope.members, without: taken)
            url = QueryText.append(content, to: url)
        } else {
            content = envelope.body
        }
        let timestamp = instant.seconds
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(8 + webhook.headers.count)
        headers.append(("webhook-id", eventID))
        headers.append(("webhook-timestamp", String(timestamp)))
        headers.append(
            ("webhook-signature", webhook.signature(id: eventID, timestamp: timestamp, content: content, at: instant)))
        headers.append(("x-martlet-event", event.type))
        if let deliveryID { headers.append(("x-martlet-delivery", deliveryID.description)) }
        headers.append(("x-martlet-attempt", String(attempt)))
        headers.append(("x-martlet-triggered-at", event.acceptedAt.rfc3339))
        if let traceparent = event.traceparent, !webhook.hasTraceparent, HeaderList.isHarmless(traceparent) {
            headers.append(("traceparent", traceparent))
        }
        headers.append(contentsOf: webhook.headers)
        return DressedRequest(
            method: webhook.webhook.configuration.method.rawValue, url: url, headers: headers,
            body: webhook.sendsBody ? content : nil)
    }

    /// Names outside the catalogue are those of open ones.
    private func type(of event: Event) -> EventType {
        catalogue.type(named: event.type) ?? EventType(openName: event.type)
            ?? EventType(name: event.type, resource: event.type, action: event.type)
    }
}
