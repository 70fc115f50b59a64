public import Postgres
public import Webhooks

/// What was done about some deliveries of one event, oldest first by id.
public struct FindInvocationsOfDeliveries: Statement {
    public static let sql = """
        WITH i AS MATERIALIZED (                                          -- else an index is read for its order alone
          SELECT * FROM invocations WHERE shard = $1 AND event_id = $2 AND tenant_id = $3  -- invocations_event
             AND delivery_id = ANY ($4))
        SELECT \(Invocation.columns) FROM i ORDER BY id
        """

    public let deliveries: [Delivery.ID]
    public let event: EventKey

    public init(_ deliveries: [Delivery.ID], of event: EventKey) {
        self.deliveries = deliveries
        self.event = event
    }

    public var isOmitted: Bool { deliveries.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(event.shard)
        parameters.append(event.id)
        parameters.append(event.tenantID)
        parameters.append(deliveries)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
