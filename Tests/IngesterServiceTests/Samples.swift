import Store
import Webhooks

@testable import IngesterService

/// Values for tests of pure parts.
enum Samples {
    static let tenant = Tenant.ID()
    static let shard = Shard.all[7]

    static func subscription(
        _ patterns: String..., ordering: WebhookConfiguration.Ordering = .none, filter: String? = nil,
        id: Webhook.ID = Webhook.ID()
    ) -> Subscription {
        Subscription(webhookID: id, events: patterns, ordering: ordering, filter: filter)
    }

    static func subscriptions(version: Int64 = 1, _ subscriptions: Subscription...) -> TenantSubscriptions {
        TenantSubscriptions(version: 0).with(
            subscriptions.map { SubscriptionChange(webhookID: $0.webhookID, subscription: $0) }, version: version)
    }

    static func event(
        _ type: String = "order-created", resourceID: String? = nil, key: String? = nil, data: String = "{}",
        repeats: Int? = nil, isPartial: Bool = false
    ) -> EventSubmission {
        EventSubmission(
            id: Event.ID(), type: type, resourceID: resourceID,
            resource: resourceID.map { Fingerprint(resource: "order", id: $0) }, isPartial: isPartial, occurredAt: nil,
            traceparent: nil, data: StoredPayload.encode(Array(data.utf8)), related: nil,
            key: key.map {
                EventSubmission.Key(
                    key: Fingerprint(of: [Array($0.utf8)]), body: Fingerprint(of: [Array(data.utf8)]))
            }, repeats: repeats)
    }

    static func request(
        _ events: EventSubmission..., tenant: Tenant.ID = tenant, shard: Shard = shard,
        subscriptions: TenantSubscriptions = subscriptions()
    ) -> IntakeRequest {
        IntakeRequest(
            tenantID: tenant, tenantIdentifier: "acme", shard: shard, events: events, subscriptions: subscriptions)
    }
}

extension TenantSubscriptions {
    func matches(_ event: EventSubmission) -> [Subscription] {
        matches(event, tenantIdentifier: "acme").subscriptions
    }
}
