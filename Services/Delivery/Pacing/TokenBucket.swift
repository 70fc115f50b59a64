import Webhooks

/// How often a webhook may be called (`rateLimit`): a bucket of one token, so that requests go out at even distances
/// and no span of `perSeconds` holds more than `requests` of them.
struct TokenBucket {
    /// Alarms are late, and a rate must not suffer from it: a request so late does not put off those after it.
    static let slack = Duration.milliseconds(5)

    /// When the next request may go, at an even distance from the last.
    private var next = Instant.distantPast

    /// When a request may go, `now` at the earliest.
    func token(after now: Instant) -> Instant { max(now, next) }

    mutating func take(at now: Instant, limit: WebhookConfiguration.RateLimit) {
        next = (now - next <= Self.slack ? next : now) + limit.distance
    }

    /// The request did not go out after all.
    mutating func putBack(limit: WebhookConfiguration.RateLimit) { next = next - limit.distance }
}

extension WebhookConfiguration.RateLimit {
    /// Between two requests.
    fileprivate var distance: Duration { .seconds(perSeconds) / max(1, requests) }
}
