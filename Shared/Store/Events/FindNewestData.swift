public import Postgres
public import Webhooks

/// The newest accepted data of the resources that some events are about; it may be the event's own.
///
/// Ids from the event's own on: older days are left alone.
public struct FindNewestData: Statement {
    public static let sql = """
        SELECT u.event, e.id, e.data, e.related FROM unnest($1, $2, $3, $4) u(shard, tenant, event, resource_key)
         CROSS JOIN LATERAL (SELECT e.id, e.data, e.related FROM events e
                -- events_resource
                WHERE e.shard = u.shard AND e.tenant_id = u.tenant AND e.resource_key = u.resource_key
                
                  AND e.id >= u.event ORDER BY e.id DESC LIMIT 1) e
        """

    public struct Row: Sendable {
        /// The event that was asked for.
        public let eventID: Event.ID
        /// The one whose data this is.
        public let dataEventID: Event.ID
        public let data: [UInt8]
        public let related: [UInt8]?
    }

    public let keys: [EventKey]
    /// As many as `keys`.
    public let resources: [Fingerprint]

    public init(_ keys: [EventKey], resources: [Fingerprint]) {
        self.keys = keys
        self.resources = resources
    }

    public var isOmitted: Bool { keys.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: keys) { $0.shard }
        parameters.appendArray(of: keys) { $0.tenantID }
        parameters.appendArray(of: keys) { $0.id }
        parameters.append(resources)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            eventID: try row.column(0), dataEventID: try row.column(1), data: try row.payload(2),
            related: try row.optionalPayload(3))
    }
}
