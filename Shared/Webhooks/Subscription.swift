/// What must be known of a webhook to decide whether an event is owed to it, and in which order: when the event is
/// accepted, when it is replayed, and when Martlet itself tells of something.
public struct Subscription: Hashable, Sendable {
    public let webhookID: Webhook.ID
    public let patterns: [EventPattern]
    public let ordering: WebhookConfiguration.Ordering

    /// - Parameter events: the webhook's `events`. One that nobody can read matches nothing; the API lets none in.
    public init(webhookID: Webhook.ID, events: [String], ordering: WebhookConfiguration.Ordering) {
        self.webhookID = webhookID
        patterns = events.compactMap(EventPattern.init)
        self.ordering = ordering
    }

    /// Whether events of this type are subscribed to.
    public func matches(_ type: String) -> Bool { patterns.contains { $0.matches(type) } }

    /// The delivery's order key; nil: unordered.
    /// - Parameter resource: what the event is about; without one it is in order with itself alone.
    public func orderKey(of event: Event.ID, resource: Fingerprint?) -> Int64? {
        switch ordering {
        case .none: return nil
        case .webhook: return 0
        case .resource: return (resource ?? Fingerprint(of: event)).orderKey
        }
    }
}

extension Webhook {
    public var subscription: Subscription {
        Subscription(webhookID: id, events: configuration.events, ordering: configuration.ordering)
    }
}
