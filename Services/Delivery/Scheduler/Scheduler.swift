import DequeModule
import Webhooks

/// Which lane goes next: round robin over the tenants that have ready lanes, and over a tenant's ready lanes.
///
/// A lane that may not send is not in it; it is never polled. Each call costs O(1).
struct Scheduler {
    private var tenants: Deque<Tenant.ID> = []
    private var lanes: [Tenant.ID: Deque<Webhook.ID>] = [:]
    private var queued: Set<Webhook.ID> = []

    var isEmpty: Bool { tenants.isEmpty }

    /// The lane has something to send; harmless when it is known already.
    mutating func add(_ webhook: Webhook.ID, of tenant: Tenant.ID) {
        guard queued.insert(webhook).inserted else { return }
        if lanes[tenant, default: []].isEmpty { tenants.append(tenant) }
        lanes[tenant, default: []].append(webhook)
    }

    /// The next lane in turn. It is out of the ready set until it is added again.
    mutating func next() -> Webhook.ID? {
        guard let tenant = tenants.popFirst(), let webhook = lanes[tenant]?.popFirst() else { return nil }
        queued.remove(webhook)
        if lanes[tenant]?.isEmpty ?? true { lanes[tenant] = nil } else { tenants.append(tenant) }
        return webhook
    }
}
