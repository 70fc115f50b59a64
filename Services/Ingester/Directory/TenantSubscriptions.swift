import EventPatterns
import Synchronization
import Webhooks

extension Subscription {
    /// The delivery's order key; nil: unordered.
    func orderKey(of event: EventSubmission) -> Int64? { orderKey(of: event.id, resource: event.resource) }
}

/// A webhook that was made, changed or deleted.
struct SubscriptionChange: Sendable {
    let webhookID: Webhook.ID
    /// Nil: deleted.
    let subscription: Subscription?
}

/// The webhooks of one tenant as they were at one version of it.
final class TenantSubscriptions: Sendable {
    /// Event types whose matches are remembered; an open catalogue has no end of them.
    private static let rememberedTypes = 256
    /// A filter read takes about twenty times its text, a webhook without one some hundred bytes.
    private static let filterShare = 32

    /// The tenant's `webhooks_version`: every change up to it is known here.
    let version: Int64
    /// Event types of the tenant's own, by name.
    let ownTypes: [String: EventType]
    private let subscriptions: [Webhook.ID: Subscription]
    /// Of its webhooks: one each, and one more for each ``filterShare`` bytes of a filter.
    let weight: Int
    private let candidatesByType = Mutex<[String: [Subscription]]>([:])

    init(
        version: Int64, subscriptions: [Webhook.ID: Subscription] = [:], ownTypes: [String: EventType] = [:]
    ) {
        self.version = version
        self.ownTypes = ownTypes
        self.subscriptions = subscriptions
        weight = subscriptions.values.reduce(0) { $0 + 1 + ($1.filter?.text.count ?? 0) / Self.filterShare }
    }

    /// The webhooks to which `event` is owed, by id.
    func matches(_ event: EventSubmission, tenantIdentifier: String) -> MatchingWebhooks {
        let candidates = candidates(type: event.type)
        // What most tenants have needs no look at the data.
        guard candidates.contains(where: { $0.filter != nil }) else { return MatchingWebhooks(candidates) }
        guard let seen = FilteredEvent(event, tenantIdentifier: tenantIdentifier) else { return MatchingWebhooks([]) }
        return MatchingWebhooks(candidates) { $0.takes(seen) }
    }

    /// The webhooks that subscribe to events of this type, whatever their filters say; by id.
    func candidates(type: String) -> [Subscription] {
        if let known = candidatesByType.withLock({ $0[type] }) { return known }
        let candidates = subscriptions.values
            .filter { subscription in subscription.matches(type) }
            .sorted { $0.webhookID < $1.webhookID }
        candidatesByType.withLock {
            if $0.count >= Self.rememberedTypes { $0 = [:] }
            $0[type] = candidates
        }
        return candidates
    }

    /// The same tenant later on.
    ///
    /// - Parameter ownTypes: all of them, as they are then.
    func with(
        _ changes: [SubscriptionChange], ownTypes: [EventType] = [], version: Int64
    ) -> TenantSubscriptions {
        var subscriptions = subscriptions
        for change in changes { subscriptions[change.webhookID] = change.subscription }
        let types = Dictionary(ownTypes.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        return TenantSubscriptions(version: version, subscriptions: subscriptions, ownTypes: types)
    }
}
