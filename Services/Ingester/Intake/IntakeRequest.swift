import Webhooks

/// The events of one request, all of one tenant: stored together or not at all.
struct IntakeRequest: Sendable {
    let tenantID: Tenant.ID
    let shard: Shard
    let events: [EventSubmission]
    /// What the tenant's directory said when the request came in; the writer takes a newer one if there is one.
    let subscriptions: TenantSubscriptions
    let weight: BatchWeight

    init(tenantID: Tenant.ID, shard: Shard, events: [EventSubmission], subscriptions: TenantSubscriptions) {
        self.tenantID = tenantID
        self.shard = shard
        self.events = events
        self.subscriptions = subscriptions
        var weight = BatchWeight(events: events.count, deliveries: 0, bytes: 0)
        for event in events where event.repeats == nil {
            weight.deliveries += subscriptions.matches(event).count
            weight.bytes += event.data.count + (event.related?.count ?? 0)
        }
        self.weight = weight
    }

    /// Whether an event's type was one of the tenant's own, and is none of `newer`.
    func names(typeGoneFrom newer: TenantSubscriptions?) -> Bool {
        guard let newer, !subscriptions.ownTypes.isEmpty else { return false }
        return events.contains { subscriptions.ownTypes[$0.type] != nil && newer.ownTypes[$0.type] == nil }
    }
}

/// One event of an accepted request, as it is answered.
struct AcceptedEvent: Hashable, Sendable {
    let id: Event.ID
    let isDuplicate: Bool
    /// How many deliveries the event with this id was given when it was accepted.
    let deliveries: Int
}

/// What became of a request.
enum IntakeAnswer: Hashable, Sendable {
    /// Committed; one element for each event of the request, in order.
    case accepted([AcceptedEvent])
    /// Keys that were used before for other content, by the index of their events. Nothing of the request is stored.
    case conflict([Int])
    /// The database refused a value of it. Nothing of the request is stored.
    case refused
    /// The tenant is gone.
    case unknownTenant
    /// It holds an event of a type of the tenant's own that was deleted meanwhile: it is to be read again.
    case outdated
    /// The database is away or too slow, or too much waits already.
    case unavailable
    /// A fault of ours.
    case failed
}
