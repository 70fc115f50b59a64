public import Webhooks

/// What a lane must remember over restarts and hand-overs.
public struct LaneState: Sendable, Hashable {
    public let shard: Shard
    public let webhookID: Webhook.ID
    /// Nothing is sent before (`Retry-After`).
    public var pausedUntil: Instant?
    /// State of the breaker; 0 is closed.
    public var breaker: Int16
    public var consecutiveFailures: Int32
    public var failingSince: Instant?

    public init(
        shard: Shard, webhookID: Webhook.ID, pausedUntil: Instant? = nil, breaker: Int16 = 0,
        consecutiveFailures: Int32 = 0, failingSince: Instant? = nil
    ) {
        self.shard = shard
        self.webhookID = webhookID
        self.pausedUntil = pausedUntil
        self.breaker = breaker
        self.consecutiveFailures = consecutiveFailures
        self.failingSince = failingSince
    }

    /// Whether there is nothing to remember: its row goes.
    public var isBlank: Bool {
        pausedUntil == nil && breaker == 0 && consecutiveFailures == 0 && failingSince == nil
    }
}
