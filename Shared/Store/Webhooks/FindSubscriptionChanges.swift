public import Postgres
public import Webhooks

/// The same changes as ``FindWebhookChanges``, with no more of a webhook than decides which events it gets: an ingester
/// reads a hundred thousand of them at once.
public struct FindSubscriptionChanges: Statement {
    public static let sql = """
        SELECT t.id, t.webhooks_version, w.id, coalesce(w.is_deleted, false), w.events, w.ordering, w.filter
          FROM unnest($1, $2) u(tenant, version)
         CROSS JOIN LATERAL (SELECT t.id, t.webhooks_version FROM tenants t
                WHERE t.id = u.tenant AND t.deleted_at IS NULL LIMIT 1) t  -- tenants_pkey
          LEFT JOIN LATERAL (SELECT w.id, w.deleted_at IS NOT NULL AS is_deleted,
                       ARRAY(SELECT jsonb_array_elements_text(w.configuration -> 'events')) AS events,
                       w.configuration ->> 'ordering' AS ordering, w.configuration ->> 'filter' AS filter
                  FROM webhooks w WHERE w.tenant_id = u.tenant AND w.version > u.version
                 ORDER BY w.tenant_id, w.version OFFSET 0) w ON true      -- webhooks_changes
        """

    /// One row: of a tenant, and of a webhook of it that was made, changed or deleted.
    public struct Row: Sendable {
        public let tenantID: Tenant.ID
        /// The tenant's `webhooks_version` in the snapshot of this row: all changes up to it are among the rows.
        public let tenantVersion: Int64
        /// Nil: nothing has changed.
        public let webhookID: Webhook.ID?
        public let isDeleted: Bool
        /// Names and patterns.
        public let events: [String]
        public let ordering: WebhookConfiguration.Ordering
        /// JSON text.
        public let filter: String?
    }

    public let tenants: [Tenant.ID]
    /// As many as `tenants`.
    public let versions: [Int64]

    /// - Parameter versions: what is known of each tenant; −1: nothing.
    public init(tenants: [Tenant.ID], after versions: [Int64]) {
        self.tenants = tenants
        self.versions = versions
    }

    public var isOmitted: Bool { tenants.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenants)
        parameters.append(versions)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let ordering: String? = try row.optional(5)
        let events: [String]? = try row.optional(4)
        return Row(
            tenantID: try row.column(0), tenantVersion: try row.column(1), webhookID: try row.optional(2),
            isDeleted: try row.column(3), events: events ?? [],
            ordering: ordering.flatMap(WebhookConfiguration.Ordering.init) ?? .none,
            filter: try row.optional(6))
    }
}
