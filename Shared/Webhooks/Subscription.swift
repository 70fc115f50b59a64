public import EventPatterns

/// What must be known of a webhook to decide whether an event is owed to it, and in which order: when the event is
/// accepted, when it is replayed, and when Martlet itself tells of something.
public struct Subscription: Hashable, Sendable {
    public let webhookID: Webhook.ID
    public let patterns: [EventPattern]
    public let ordering: WebhookConfiguration.Ordering
    /// Nil: none.
    public let filter: EventFilter?

    /// - Parameters:
    ///   - events: the webhook's `events`. One that nobody can read matches nothing; the API lets none in.
    ///   - filter: the webhook's `filter`. Nothing gets past one that nobody can read.
    public init(
        webhookID: Webhook.ID, events: [String], ordering: WebhookConfiguration.Ordering, filter: String? = nil
    ) {
        self.webhookID = webhookID
        patterns = events.compactMap(EventPattern.init)
        self.ordering = ordering
        self.filter = filter.map { (try? EventFilter(text: $0.utf8)) ?? .nothing }
    }

    /// Whether events of this type are subscribed to, as far as their type goes.
    public func matches(_ type: String) -> Bool { patterns.contains { $0.matches(type) } }

    /// Whether the filter lets an event through.
    public func takes(_ event: FilteredEvent) -> Bool {
        filter.map { filter in filter.matches { name in event.member(name, for: webhookID) } } ?? true
    }

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
        Subscription(
            webhookID: id, events: configuration.events, ordering: configuration.ordering,
            filter: configuration.filter)
    }
}
