public import Postgres
public import Webhooks

/// Of the next rows of a shard's queue those whose events were accepted before an instant, in the order of the key, and
/// in any case the last row that was looked at. No row: there are no more.
///
/// An event's id has its ingester's clock; that the delivery is as old by the database's is asked for too.
public struct FindExpiredDeliveries: Statement {
    public static let sql = """
        WITH d AS MATERIALIZED (
          SELECT webhook_id, due_at, not_before, id, tenant_id, event_id, order_key, attempt, trigger,
                 event_id < ulid_floor($5) AND due_at < $5 AS is_expired, shard
            FROM deliveries WHERE shard = $1 AND (webhook_id, due_at, id) > ($2, $3, $4)  -- deliveries_pkey
           ORDER BY shard, webhook_id, due_at, id LIMIT $6)
        SELECT * FROM d WHERE is_expired
            OR (webhook_id, due_at, id) = (SELECT webhook_id, due_at, id FROM d
                                            ORDER BY webhook_id DESC, due_at DESC, id DESC LIMIT 1)
         ORDER BY webhook_id, due_at, id
        """

    public struct Row: Sendable, Hashable {
        public let delivery: Delivery
        public let isExpired: Bool
    }

    public let shard: Shard
    /// Rows past this one; nil: from the first.
    public let after: Delivery?
    /// Where to begin, without ``after``; nil: at the first.
    public let webhook: Webhook.ID?
    public let acceptedBefore: Instant
    /// Rows that are looked at.
    public let limit: Int

    public init(
        in shard: Shard, of webhook: Webhook.ID? = nil, after: Delivery?, acceptedBefore: Instant, limit: Int
    ) {
        self.shard = shard
        self.webhook = webhook
        self.after = after
        self.acceptedBefore = acceptedBefore
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(after?.webhookID ?? webhook ?? Webhook.ID(ULID(0)))
        parameters.append(after?.dueAt ?? .distantPast)
        parameters.append(after?.id ?? Delivery.ID(ULID(0)))
        parameters.append(acceptedBefore)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let webhook: Webhook.ID = try row.column(0)
        return Row(
            delivery: try Delivery(row, shard: row.column(10), webhook: webhook, from: 1), isExpired: try row.column(9))
    }
}
