public import Postgres
public import Webhooks

/// Invocations of a shard that need the data of events before an instant, in the order of their events; none of events
/// of the last two days.
public struct FindPackedInvocations: Statement {
    public static let sql = """
        SELECT shard, webhook_id, id, request, data FROM packed_invocations($1, $2, $3)
        """

    public let shard: Shard
    public let before: Instant
    /// Rows of each table at most.
    public let limit: Int

    public init(in shard: Shard, before: Instant, limit: Int) {
        self.shard = shard
        self.before = before
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(before)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PackedInvocation {
        try PackedInvocation(row)
    }
}
