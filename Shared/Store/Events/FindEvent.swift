public import Postgres
public import Webhooks

/// One event of a tenant, with its data. No row: there is none.
public struct FindEvent: Statement {
    public static let sql = """
        SELECT id, tenant_id, event_type, resource_id, occurred_at, traceparent, tracestate, data, related
          FROM events WHERE shard = $1 AND tenant_id = $2 AND id = $3     -- events_pkey
        """

    public let key: EventKey

    public init(_ key: EventKey) { self.key = key }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.shard)
        parameters.append(key.tenantID)
        parameters.append(key.id)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Event { try Event(row) }
}
