public import Postgres
public import Webhooks

/// Events with their own data; one that is gone has no row.
public struct FindEvents: Statement {
    public static let sql = """
        SELECT e.id, e.tenant_id, e.event_type, e.resource_id, e.occurred_at, e.traceparent, e.tracestate, e.data,
               e.related
          FROM unnest($1, $2, $3) u(shard, tenant, event)
         CROSS JOIN LATERAL (SELECT * FROM events e
                WHERE e.shard = u.shard AND e.tenant_id = u.tenant AND e.id = u.event LIMIT 1) e  -- events_pkey
        """

    public let keys: [EventKey]

    public init(_ keys: [EventKey]) { self.keys = keys }

    public var isOmitted: Bool { keys.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: keys) { $0.shard }
        parameters.appendArray(of: keys) { $0.tenantID }
        parameters.appendArray(of: keys) { $0.id }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Event { try Event(row) }
}
