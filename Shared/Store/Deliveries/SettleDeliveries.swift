public import Postgres
public import Webhooks

/// Deletes the rows of settled deliveries. Part of a flush; rows in key order.
///
/// LATERAL … LIMIT 1 and ctid: the outer side stays the array whatever the statistics say. A plain DELETE … USING that
/// was planned while the queue was empty reads the whole table later.
public struct SettleDeliveries: Statement {
    public static let sql = """
        DELETE FROM deliveries WHERE ctid = ANY (ARRAY(
          SELECT x.ctid FROM unnest($1, $2, $3, $4) u(shard, webhook, due_at, id) CROSS JOIN LATERAL (
            SELECT d.ctid FROM deliveries d                               -- deliveries_pkey
             WHERE d.shard = u.shard AND d.webhook_id = u.webhook AND d.due_at = u.due_at AND d.id = u.id LIMIT 1) x))
        """

    /// Where they lie counts: ``Delivery/dueAt`` is part of the key.
    public let deliveries: [Delivery]

    public init(_ deliveries: [Delivery]) { self.deliveries = deliveries }

    public var isOmitted: Bool { deliveries.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: deliveries) { $0.shard }
        parameters.appendArray(of: deliveries) { $0.webhookID }
        parameters.appendArray(of: deliveries) { $0.dueAt }
        parameters.appendArray(of: deliveries) { $0.id }
    }
}
