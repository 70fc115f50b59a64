public import Postgres
public import Webhooks

/// The webhooks of a tenant that name one of Martlet's own events, without the one that it is about. At least one row,
/// unless the tenant is gone.
///
/// What it says holds while the tenant's version does: ``RequireDirectoryVersions``, behind ``LockTenant``.
public struct FindOperationalSubscribers: Statement {
    public static let sql = """
        SELECT now(), t.webhooks_version, t.identifier, w.id, w.ordering, w.filter FROM tenants t
          LEFT JOIN LATERAL (SELECT w.id, w.configuration ->> 'ordering' AS ordering,
                       w.configuration ->> 'filter' AS filter FROM webhooks w
                WHERE w.tenant_id = t.id AND w.deleted_at IS NULL AND w.id <> $3  -- webhooks_listed
                  AND w.configuration -> 'events' ? $2 ORDER BY w.id OFFSET 0) w ON true
         WHERE t.id = $1 AND t.deleted_at IS NULL                         -- tenants_pkey
        """

    public struct Row: Sendable, Hashable {
        /// The database's clock.
        public let now: Instant
        public let tenantVersion: Int64
        /// As in `X-tenant-ID`.
        public let tenantIdentifier: String
        /// Nil: there is none.
        public let subscription: Subscription?
    }

    public let tenant: Tenant.ID
    /// Name of an operational event type.
    public let event: String
    /// The webhook that the event is about.
    public let subject: Webhook.ID

    public init(of event: String, about subject: Webhook.ID, tenant: Tenant.ID) {
        self.tenant = tenant
        self.event = event
        self.subject = subject
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(event)
        parameters.append(subject)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let id: Webhook.ID? = try row.optional(3)
        let ordering: String? = try row.optional(4)
        let filter: String? = try row.optional(5)
        return Row(
            now: try row.column(0), tenantVersion: try row.column(1), tenantIdentifier: try row.column(2),
            subscription: id.map {
                Subscription(
                    webhookID: $0, events: [], ordering: ordering.flatMap(WebhookConfiguration.Ordering.init) ?? .none,
                    filter: filter)
            })
    }
}
