public import Postgres
public import Webhooks

/// What was done about one event, oldest first by id.
public struct FindInvocationsOfEvent: Statement {
    public static let sql = """
        SELECT shard, webhook_id, id, tenant_id, event_id, delivery_id, event_type, started_at, duration_ms,
               next_attempt_at, dns_us, connect_us, tls_us, first_byte_us, attempt, status, outcome, error_class,
               error_detail, trigger, is_final, remote_address, request, response,
               (SELECT e.data FROM events e                               -- events_pkey; the request is packed with it
                 WHERE e.shard = i.shard AND e.tenant_id = i.tenant_id AND get_byte(i.request, 0) = 2
                   AND e.id = coalesce(i.data_event_id, i.event_id))
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
