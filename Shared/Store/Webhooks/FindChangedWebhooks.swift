public import Postgres
public import Webhooks

/// Which webhooks of some tenants have changed since, deleted ones included, in the order of the changes: a page of
/// each tenant. ``FindSubscribers`` reads those that matter.
public struct FindChangedWebhooks: Statement {
    public static let sql = """
        SELECT u.tenant, w.version, w.id FROM unnest($1, $2, $3) u(tenant, version, id)
         CROSS JOIN LATERAL (SELECT w.version, w.id FROM webhooks w
                WHERE w.tenant_id = u.tenant AND (w.version, w.id) > (u.version, u.id)  -- webhooks_changes
                ORDER BY w.tenant_id, w.version, w.id LIMIT $4) w
        """

    /// A place among the changes of a tenant. One change may be of many webhooks, in one transaction.
    public struct Place: Sendable, Hashable {
        public let tenantID: Tenant.ID
        public let version: Int64
        public let webhookID: Webhook.ID

        public init(tenantID: Tenant.ID, version: Int64, webhookID: Webhook.ID) {
            self.tenantID = tenantID
            self.version = version
            self.webhookID = webhookID
        }

        /// Behind all changes up to a version.
        public init(endOf version: Int64, tenantID: Tenant.ID) {
            self.init(tenantID: tenantID, version: version, webhookID: Webhook.ID(ULID(.max)))
        }
    }

    public let places: [Place]
    /// Rows of each tenant at most.
    public let limit: Int

    public init(after places: [Place], limit: Int) {
        self.places = places
        self.limit = limit
    }

    public var isOmitted: Bool { places.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: places) { $0.tenantID }
        parameters.appendArray(of: places) { $0.version }
        parameters.appendArray(of: places) { $0.webhookID }
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Place {
        Place(tenantID: try row.column(0), version: try row.column(1), webhookID: try row.column(2))
    }
}
