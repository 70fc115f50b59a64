public import Postgres
public import Webhooks

/// Webhooks by id, of any tenant; those that are unknown or deleted are missing among the rows.
public struct FindWebhooks: Statement {
    public static let sql = """
        SELECT w.id, w.tenant_id, w.shard, w.configuration, w.disabled_reason, w.version, w.created_at, w.updated_at
          FROM unnest($1) u(id)
         CROSS JOIN LATERAL (
                SELECT * FROM webhooks w WHERE w.id = u.id LIMIT 1) w     -- webhooks_pkey
         WHERE w.deleted_at IS NULL
        """

    public let ids: [Webhook.ID]

    public init(ids: [Webhook.ID]) { self.ids = ids }

    public var isOmitted: Bool { ids.isEmpty }

    public func bind(_ parameters: inout Parameters) { parameters.append(ids) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook { try Webhook(row) }
}
