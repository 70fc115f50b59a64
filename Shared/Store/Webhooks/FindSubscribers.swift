public import Postgres
public import Webhooks

/// The webhooks of lanes, with what is needed to dress their requests. One that is unknown or deleted has no row.
public struct FindSubscribers: Statement {
    public static let sql = """
        SELECT w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at,
               t.webhooks_version, t.identifier, t.settings, t.signature_secret, s.kinds, s.sealed, s.created, s.valid
          FROM unnest($1) u(id)
         CROSS JOIN LATERAL (SELECT * FROM webhooks w WHERE w.id = u.id LIMIT 1) w  -- webhooks_pkey
         CROSS JOIN LATERAL (SELECT * FROM tenants t WHERE t.id = w.tenant_id LIMIT 1) t  -- tenants_pkey
         CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(kind), '{}') AS kinds, coalesce(array_agg(sealed), '{}') AS sealed,
                       coalesce(array_agg(created_at), '{}') AS created, coalesce(array_agg(valid_until), '{}') AS valid
                  FROM (SELECT * FROM webhook_secrets s WHERE s.webhook_id = w.id  -- webhook_secrets_pkey
                           AND (s.valid_until IS NULL OR s.valid_until > now())
                         ORDER BY s.kind, s.created_at DESC) s) s
         WHERE w.deleted_at IS NULL
        """

    public let webhooks: [Webhook.ID]

    public init(webhooks: [Webhook.ID]) { self.webhooks = webhooks }

    public var isOmitted: Bool { webhooks.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(webhooks) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> SubscriberRow {
        try SubscriberRow(row)
    }
}
