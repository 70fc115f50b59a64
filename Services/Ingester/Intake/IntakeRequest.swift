import Hosting
import Webhooks

/// The events of one request, all of one tenant: stored together or not at all.
struct IntakeRequest: Sendable {
    let tenantID: Tenant.ID
    let tenantIdentifier: String
    let shard: Shard
    let events: [EventSubmission]
    /// What the tenant's directory said when the request came in; the writer takes a newer one if there is one.
    let subscriptions: TenantSubscriptions
    let weight: BatchWeight
    /// Finds the request in the log; empty where it came by no HTTP.
    let requestID = RequestNotes.current?.requestID ?? ""
    /// By event, as ``subscriptions`` decides it. Filters are judged here, not where all requests go through.
    private let matches: [MatchingWebhooks]

    /// - Parameter tenantIdentifier: as in `X-tenant-ID`.
    init(
        tenantID: Tenant.ID, tenantIdentifier: String, shard: Shard, events: [EventSubmission],
        subscriptions: TenantSubscriptions
    ) {
        self.tenantID = tenantID
        self.tenantIdentifier = tenantIdentifier
        self.shard = shard
        self.events = events
        self.subscriptions = subscriptions
        var weight = BatchWeight(events: events.count, deliveries: 0, bytes: 0)
        matches = events.map { event in
            guard event.repeats == nil else { return MatchingWebhooks([]) }
            let matches = subscriptions.matches(event, tenantIdentifier: tenantIdentifier)
            weight.deliveries += matches.count
            weight.bytes += event.data.count + (event.related?.count ?? 0)
            return matches
        }
        self.weight = weight
    }

    /// The webhooks to which an event is owed, as `subscriptions` decides it.
    func matches(at index: Int, by subscriptions: TenantSubscriptions) -> MatchingWebhooks {
        subscriptions === self.subscriptions
            ? matches[index] : subscriptions.matches(events[index], tenantIdentifier: tenantIdentifier)
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
