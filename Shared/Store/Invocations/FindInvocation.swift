public import Postgres
public import Webhooks

/// One invocation of a tenant; also of a webhook that was deleted: whoever asks checks that.
public struct FindInvocation: Statement {
    public static let sql = """
        SELECT shard, webhook_id, id, tenant_id, event_id, delivery_id, event_type, started_at, duration_ms,
               next_attempt_at, dns_us, connect_us, tls_us, first_byte_us, attempt, status, outcome, error_class,
               error_detail, trigger, is_final, remote_address, request, response,
               (SELECT e.data FROM events e                               -- events_pkey; the request is packed with it
                 WHERE e.shard = i.shard AND e.tenant_id = i.tenant_id AND get_byte(i.request, 0) = 2
                   AND e.id = coalesce(i.data_event_id, i.event_id))
          FROM ((SELECT * FROM invocations WHERE shard = $1 AND id BETWEEN $2 AND $2 AND tenant_id = $3
                  ORDER BY id LIMIT 1)                                    -- invocations_id: no other gives the order
                 UNION ALL
                (SELECT * FROM invocations_kept WHERE shard = $1 AND id BETWEEN $2 AND $2 AND tenant_id = $3
                  ORDER BY id LIMIT 1)) i                                 -- invocations_kept_id
         LIMIT 1
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    public let id: Invocation.ID

    public init(id: Invocation.ID, shard: Shard, tenant: Tenant.ID) {
        self.shard = shard
        self.tenant = tenant
        self.id = id
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
