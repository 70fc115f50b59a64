public import Webhooks

/// Counters of one webhook in one minute: what a flush adds to `delivery_stats`.
public struct DeliveryStatsRow: Sendable, Hashable {
    public let shard: Shard
    public let webhookID: Webhook.ID
    public let tenantID: Tenant.ID
    /// Its first instant.
    public let minute: Instant
    public var counts: DeliveryCounts

    public init(
        shard: Shard, webhookID: Webhook.ID, tenantID: Tenant.ID, minute: Instant,
        counts: DeliveryCounts = DeliveryCounts()
    ) {
        self.shard = shard
        self.webhookID = webhookID
        self.tenantID = tenantID
        self.minute = minute
        self.counts = counts
    }

    /// Counts an invocation of its webhook and minute.
    public mutating func count(_ invocation: Invocation) { counts.count(invocation) }
}

extension Instant {
    /// The first instant of its minute.
    public var startOfMinute: Instant { start(ofSeconds: 60) }

    /// The first instant of its day, UTC.
    public var startOfDay: Instant { start(ofSeconds: 86_400) }

    private func start(ofSeconds seconds: Int64) -> Instant {
        let span = seconds * 1_000_000
        let rest = microseconds % span
        return Instant(microseconds: microseconds &- (rest < 0 ? rest + span : rest))
    }
}
