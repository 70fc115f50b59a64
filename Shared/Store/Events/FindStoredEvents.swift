public import Postgres
public import Webhooks

/// One of these events that is stored, if any is: tells whether a batch was committed whose session died.
public struct FindStoredEvents: Statement {
    public static let sql = """
        SELECT e.id FROM unnest($1, $2, $3) u(shard, tenant, id)
         CROSS JOIN LATERAL (SELECT e.id FROM events e
                WHERE e.shard = u.shard AND e.tenant_id = u.tenant AND e.id = u.id LIMIT 1) e  -- events_pkey
         LIMIT 1
        """

    public let rows: [EventRow]

    public init(_ rows: [EventRow]) { self.rows = rows }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.shard }
        parameters.appendArray(of: rows) { $0.tenantID }
        parameters.appendArray(of: rows) { $0.id }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Event.ID { try row.column(0) }
}
