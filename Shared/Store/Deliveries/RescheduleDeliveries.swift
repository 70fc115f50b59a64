public import Postgres
public import Webhooks

/// Notes that deliveries are to be tried again. Part of a flush; rows in key order.
///
/// UPDATE, never DELETE and INSERT: a row that was cancelled meanwhile must stay gone. An unordered row moves to its
/// new due time; an ordered one keeps its place and is told when it may go.
public struct RescheduleDeliveries: Statement {
    public static let sql = """
        WITH t AS MATERIALIZED (
          SELECT x.ctid, u.again_at, u.attempt
            FROM unnest($1, $2, $3, $4, $5, $6) u(shard, webhook, due_at, id, again_at, attempt) CROSS JOIN LATERAL (
            SELECT d.ctid FROM deliveries d                               -- deliveries_pkey
             WHERE d.shard = u.shard AND d.webhook_id = u.webhook AND d.due_at = u.due_at AND d.id = u.id LIMIT 1) x)
        UPDATE deliveries d SET due_at = CASE WHEN d.order_key IS NULL THEN t.again_at ELSE d.due_at END,
               not_before = CASE WHEN d.order_key IS NULL THEN NULL ELSE t.again_at END, attempt = t.attempt,
               updated_at = now()
          FROM t WHERE d.ctid = t.ctid
        """

    public struct Retry: Sendable, Hashable {
        /// As it was read: where it lies now.
        public let delivery: Delivery
        public let againAt: Instant
        /// Attempts made, the failed one included.
        public let attempts: Int16

        public init(_ delivery: Delivery, againAt: Instant, attempts: Int16) {
            self.delivery = delivery
            self.againAt = againAt
            self.attempts = attempts
        }
    }

    public let retries: [Retry]

    public init(_ retries: [Retry]) { self.retries = retries }

    public var isOmitted: Bool { retries.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: retries) { $0.delivery.shard }
        parameters.appendArray(of: retries) { $0.delivery.webhookID }
        parameters.appendArray(of: retries) { $0.delivery.dueAt }
        parameters.appendArray(of: retries) { $0.delivery.id }
        parameters.appendArray(of: retries) { $0.againAt }
        parameters.appendArray(of: retries) { $0.attempts }
    }
}
