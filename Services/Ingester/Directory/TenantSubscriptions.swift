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

    /// The tenant's `webhooks_version`: every change up to it is known here.
    let version: Int64
    /// Event types of the tenant's own, by name.
    let ownTypes: [String: EventType]
    private let subscriptions: [Webhook.ID: Subscription]
    private let matchesByType = Mutex<[String: [Subscription]]>([:])

    init(
        version: Int64, subscriptions: [Webhook.ID: Subscription] = [:], ownTypes: [String: EventType] = [:]
    ) {
        self.version = version
        self.ownTypes = ownTypes
        self.subscriptions = subscriptions
    }

    var count: Int { subscriptions.count }

    /// The webhooks to which `event` is owed, by id.
    func matches(_ event: EventSubmission) -> [Subscription] { matches(type: event.type) }

    private func matches(type: String) -> [Subscription] {
        if let known = matchesByType.withLock({ $0[type] }) { return known }
        let matches = subscriptions.values
            .filter { subscription in subscription.matches(type) }
            .sorted { $0.webhookID < $1.webhookID }
        matchesByType.withLock {
            if $0.count >= Self.rememberedTypes { $0 = [:] }
            $0[type] = matches
        }
        return matches
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
