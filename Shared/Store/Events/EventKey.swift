public import Webhooks

/// Where an event lies: shard, tenant and id are the key of its row.
public struct EventKey: Sendable, Hashable {
    public let shard: Shard
    public let tenantID: Tenant.ID
    public let id: Event.ID

    public init(shard: Shard, tenantID: Tenant.ID, id: Event.ID) {
        self.shard = shard
        self.tenantID = tenantID
        self.id = id
    }

    /// The event that `delivery` owes.
    public init(of delivery: Delivery) {
        self.init(shard: delivery.shard, tenantID: delivery.tenantID, id: delivery.eventID)
    }
}
