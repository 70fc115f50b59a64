public import Postgres
public import Webhooks

/// Rows of one lane with `ordering: resource`, past its cursor and past the followers of blocked keys: those stay in
/// the table, not in the window.
public struct FindOrderedDeliveries: Statement {
    public static let sql = """
        SELECT shard, webhook_id, due_at, not_before, id, tenant_id, event_id, order_key, attempt, trigger
          FROM deliveries
         WHERE shard = $1 AND webhook_id = $2 AND (due_at, id) > ($3, $4) AND due_at <= $5  -- deliveries_pkey
           AND (order_key IS NULL OR order_key <> ALL ($6)) ORDER BY due_at, id LIMIT $7
        """

    public let lane: LaneCursor
    public let until: Instant
    /// Order keys whose head may not go yet.
    public let blocked: [Int64]

    public init(lane: LaneCursor, until: Instant, blocked: [Int64]) {
        self.lane = lane
        self.until = until
        self.blocked = blocked
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(lane.shard)
        parameters.append(lane.webhook)
        parameters.append(lane.dueAt)
        parameters.append(lane.id)
        parameters.append(until)
        parameters.append(blocked)
        parameters.append(Int64(lane.room))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery {
        try Delivery(row, shard: row.column(0), webhook: row.column(1), from: 2)
    }
}
