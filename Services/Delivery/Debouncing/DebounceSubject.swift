import Dressing
import JSON
import Webhooks

/// What is compared with what was sent before: the data of one resource for one webhook.
struct DebounceSubject: Hashable, Sendable {
    let webhook: Webhook.ID
    let resource: Fingerprint
    /// Of the data as it is sent, `fields` only; equal where it is equal as JSON.
    let content: Fingerprint

    /// Nil for an event without a resource id, which is like no other.
    ///
    /// - Parameter data: as it is sent.
    init?(_ data: [UInt8], ofType type: String, resourceID: String?, to webhook: Webhook.ID) {
        guard let resource = EventCatalogue.standard.resource(ofType: type, id: resourceID),
            let document = try? JSONDocument(parsing: data, maximumDepth: JSONDocument.greatestMaximumDepth)
        else { return nil }
        self.webhook = webhook
        self.resource = resource
        content = Fingerprint(of: [document.root.canonicalBytes])
    }

    /// What this delivery is about; nil where the webhook wants all.
    init?(_ event: Event, _ delivery: Delivery, to subscriber: Subscriber) {
        guard subscriber.debounce != nil else { return nil }
        self.init(
            subscriber.prepared.cut(event).data, ofType: event.type, resourceID: event.resourceID,
            to: delivery.webhookID)
    }
}
