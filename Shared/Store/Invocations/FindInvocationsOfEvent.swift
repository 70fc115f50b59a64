public import Postgres
public import Webhooks

/// What was done about one event, oldest first by id.
public struct FindInvocationsOfEvent: Statement {
    public static let sql = """
        SELECT \(Invocation.columns)
          FROM (SELECT * FROM invocations WHERE shard = $1 AND event_id = $2 AND tenant_id = $3  -- invocations_event
                 LIMIT $4) i ORDER BY id
        """

    public let event: EventKey
    /// Rows at most.
    public let limit: Int

    public init(_ event: EventKey, limit: Int = 1000) {
        self.event = event
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(event.shard)
        parameters.append(event.id)
        parameters.append(event.tenantID)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
