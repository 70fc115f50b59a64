public import Postgres
public import Webhooks

/// Rows of many lanes past their cursors, each with its own limit, in the order of the lanes and of their rows.
///
/// Whoever asks bounds the sum of the limits.
public struct FindNextDeliveries: Statement {
    public static let sql = """
        SELECT u.n, u.shard, u.webhook, d.due_at, d.not_before, d.id, d.tenant_id, d.event_id, d.order_key, d.attempt,
               d.trigger
          FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY u(shard, webhook, due_at, id, room, n)
         CROSS JOIN LATERAL (
               SELECT * FROM deliveries d                                 -- deliveries_pkey
                WHERE d.shard = u.shard AND d.webhook_id = u.webhook AND (d.due_at, d.id) > (u.due_at, u.id)
                  AND d.due_at <= $6 ORDER BY d.due_at, d.id LIMIT u.room) d
        """

    public struct Row: Sendable {
        /// Index of its lane in `lanes`.
        public let lane: Int
        public let delivery: Delivery
    }

    public let lanes: [LaneCursor]
    /// Rows due later are left alone.
    public let until: Instant

    public init(lanes: [LaneCursor], until: Instant) {
        self.lanes = lanes
        self.until = until
    }

    public var isOmitted: Bool { lanes.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: lanes) { $0.shard }
        parameters.appendArray(of: lanes) { $0.webhook }
        parameters.appendArray(of: lanes) { $0.dueAt }
        parameters.appendArray(of: lanes) { $0.id }
        parameters.appendArray(of: lanes) { $0.room }
        parameters.append(until)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let number: Int = try row.column(0)
        return Row(lane: number - 1, delivery: try Delivery(row, shard: row.column(1), webhook: row.column(2), from: 3))
    }
}
