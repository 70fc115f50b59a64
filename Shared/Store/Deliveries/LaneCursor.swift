public import Webhooks

/// A lane and the place up to which it was read.
public struct LaneCursor: Sendable, Hashable {
    public let shard: Shard
    public let webhook: Webhook.ID
    /// Rows strictly past (dueAt, id) are read.
    public let dueAt: Instant
    public let id: Delivery.ID
    /// Rows at most.
    public let room: Int32

    public init(shard: Shard, webhook: Webhook.ID, dueAt: Instant, id: Delivery.ID, room: Int) {
        self.shard = shard
        self.webhook = webhook
        self.dueAt = dueAt
        self.id = id
        self.room = Int32(clamping: room)
    }
}
