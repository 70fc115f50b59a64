import Store
import Webhooks

/// Whether a webhook fails so that its tenant should know, and whether it works again. A value: it decides, nobody is
/// told here.
struct WebhookHealth: Sendable {
    /// So many failures in a row.
    static let consecutiveFailures = 10
    /// Of so many requests in a quarter of an hour …
    static let enough = 20
    /// … fewer than this share succeeded.
    static let lowRate = 0.5
    /// A due delivery has waited so long.
    static let patience = Duration.seconds(900)
    /// All is well again only when none waits longer than this.
    static let calm = Duration.seconds(300)
    /// Told again so long before the webhook is disabled, or in the last quarter of the time that it has.
    static let warning = Duration.seconds(86_400)
    /// At least this share of the last minutes' requests has to succeed before all is well again.
    static let goodRate = 0.9

    /// What is to be done.
    enum Change: Sendable, Hashable {
        /// Tell that it fails.
        case failing(level: Int16, WebhookTrouble)
        /// Tell that it works again.
        case recovered
        /// It is off, or gone: there is nothing to tell of it any more.
        case forget
    }

    /// - Parameter watchedSince: since when this worker has the webhook's shard. What waited before that waited for a
    ///   worker, and the receiver had no part in it.
    static func change(_ row: FindWebhookHealth.Row, watchedSince: Instant) -> Change? {
        guard row.webhook.configuration.isEnabled, !row.isDeleted else { return row.toldLevel == nil ? nil : .forget }
        let age = row.firstDue.map { row.now - max($0, watchedSince) } ?? .zero
        if let trouble = trouble(row, age: age) {
            let level: Int16 = trouble.reasons.contains(.disabledSoon) ? 2 : 1
            return level > row.toldLevel ?? 0 ? .failing(level: level, trouble) : nil
        }
        guard row.toldLevel != nil, row.failingSince == nil, let rate = row.recent.rate, rate >= goodRate,
            age <= calm
        else { return nil }
        return .recovered
    }

    /// Nil: nothing that the tenant must know.
    private static func trouble(_ row: FindWebhookHealth.Row, age: Duration) -> WebhookTrouble? {
        let span = Duration.seconds(86_400 * Int64(row.disablingDays))
        let disablesAt = row.failingSince.flatMap { since in span > .zero ? since + span : nil }
        var reasons: [WebhookTrouble.Reason] = []
        if row.consecutiveFailures >= Self.consecutiveFailures { reasons.append(.consecutiveFailures) }
        if row.counts.succeeded + row.counts.failed >= enough, let rate = row.counts.rate, rate < lowRate {
            reasons.append(.successRate)
        }
        if age > patience { reasons.append(.oldestPending) }
        if let disablesAt, disablesAt - row.now <= min(warning, span / 4) { reasons.append(.disabledSoon) }
        guard !reasons.isEmpty else { return nil }
        return WebhookTrouble(
            reasons: reasons, consecutiveFailures: Int(row.consecutiveFailures), successRate: row.counts.rate,
            oldestPending: age > .zero ? age : nil, failingSince: row.failingSince, disablesAt: disablesAt)
    }
}
