/// What is wrong with a webhook, as `webhook-failing` tells it.
public struct WebhookTrouble: Hashable, Sendable {
    /// Raw values are those of the event.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case consecutiveFailures = "consecutive_failures"
        case successRate = "success_rate"
        case oldestPending = "oldest_pending"
        case disabledSoon = "disabled_soon"
    }

    /// At least one.
    public let reasons: [Reason]
    public let consecutiveFailures: Int
    /// Of the last quarter of an hour, 0 to 1; nil where nothing was sent.
    public let successRate: Double?
    /// How long the first due delivery has waited; nil where none is due.
    public let oldestPending: Duration?
    /// Nothing but failures since.
    public let failingSince: Instant?
    /// When it will be disabled if nothing changes; nil: not at all.
    public let disablesAt: Instant?

    public init(
        reasons: [Reason], consecutiveFailures: Int = 0, successRate: Double? = nil, oldestPending: Duration? = nil,
        failingSince: Instant? = nil, disablesAt: Instant? = nil
    ) {
        self.reasons = reasons
        self.consecutiveFailures = consecutiveFailures
        self.successRate = successRate
        self.oldestPending = oldestPending
        self.failingSince = failingSince
        self.disablesAt = disablesAt
    }
}
