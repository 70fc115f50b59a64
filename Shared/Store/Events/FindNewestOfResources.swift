public import Postgres
public import Webhooks

/// The newest accepted data of some resources; one that is unknown has no row.
public struct FindNewestOfResources: Statement {
    public static let sql = """
        SELECT u.tenant, u.resource_key, e.id, e.data FROM unnest($1, $2, $3) u(shard, tenant, resource_key)
         CROSS JOIN LATERAL (SELECT e.id, e.data FROM events e
                -- events_resource
                WHERE e.shard = u.shard AND e.tenant_id = u.tenant AND e.resource_key = u.resource_key
                ORDER BY e.id DESC LIMIT 1) e
        """

    /// A resource of a tenant.
    public struct Key: Hashable, Sendable {
        public let shard: Shard
        public let tenantID: Tenant.ID
        public let resource: Fingerprint

        public init(shard: Shard, tenantID: Tenant.ID, resource: Fingerprint) {
            self.shard = shard
            self.tenantID = tenantID
            self.resource = resource
        }
    }

    public struct Row: Sendable {
        public let tenantID: Tenant.ID
        public let resource: Fingerprint
        /// The event whose data this is.
        public let eventID: Event.ID
        public let data: [UInt8]
    }

    public let keys: [Key]

    public init(_ keys: [Key]) { self.keys = keys }

    public var isOmitted: Bool { keys.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: keys) { $0.shard }
        parameters.appendArray(of: keys) { $0.tenantID }
        parameters.appendArray(of: keys) { $0.resource }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            tenantID: try row.column(0), resource: try row.column(1), eventID: try row.column(2),
            data: try row.payload(3))
    }
}
