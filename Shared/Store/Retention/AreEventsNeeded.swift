public import Postgres
public import Webhooks

/// Whether a delivery of a shard is pending whose event was accepted before an instant. It reads the shard's queue.
public struct AreEventsNeeded: Statement {
    public static let sql = """
        SELECT EXISTS (SELECT FROM deliveries WHERE shard = $1 AND event_id < ulid_floor($2)  -- deliveries_pkey
                        ORDER BY shard, webhook_id, due_at, id OFFSET 0)
        """

    public let shard: Shard
    public let before: Instant

    public init(in shard: Shard, before: Instant) {
        self.shard = shard
        self.before = before
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(before)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
