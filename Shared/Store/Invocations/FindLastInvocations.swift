public import Postgres
public import Webhooks

/// The newest invocation of each of some webhooks, without what was exchanged; a webhook without one has no row.
public struct FindLastInvocations: Statement {
    public static let sql = """
        SELECT i.shard, i.webhook_id, i.id, i.tenant_id, i.event_id, i.delivery_id, i.event_type, i.started_at,
               i.duration_ms, i.next_attempt_at, i.dns_us, i.connect_us, i.tls_us, i.first_byte_us, i.attempt, i.status,
               i.outcome, i.error_class, i.error_detail, i.trigger, i.is_final, i.remote_address,
               NULL::bytea, NULL::bytea, NULL::bytea
          FROM unnest($2) u(webhook) CROSS JOIN LATERAL (
               -- Each part has its own ORDER BY and LIMIT: without them all of a webhook's history is read and sorted.
               SELECT * FROM ((SELECT * FROM invocations i
                                -- invocations_pkey
                                WHERE i.shard = $1 AND i.webhook_id = u.webhook AND i.tenant_id = $3
                                ORDER BY id DESC LIMIT 1)
                               UNION ALL
                              (SELECT * FROM invocations_kept i
                                -- invocations_kept_pkey
                                WHERE i.shard = $1 AND i.webhook_id = u.webhook AND i.tenant_id = $3
                                ORDER BY id DESC LIMIT 1)) i
                ORDER BY id DESC LIMIT 1) i
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhooks: [Webhook.ID]

    public init(of webhooks: [Webhook.ID], shard: Shard, tenant: Tenant.ID) {
        self.shard = shard
        self.tenant = tenant
        self.webhooks = webhooks
    }

    public var isOmitted: Bool { webhooks.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhooks)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
