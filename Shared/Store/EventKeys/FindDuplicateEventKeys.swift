public import Postgres
public import Webhooks

/// The first owner of each key of a batch that another event holds: a repetition if its body is equal, else a conflict.
///
/// The last statement of a batch's transaction.
public struct FindDuplicateEventKeys: Statement {
    public static let sql = """
        SELECT u.event, k.event_id, k.body, k.deliveries FROM unnest($1, $2, $3, $4) u(shard, tenant, key, event)
         CROSS JOIN LATERAL (
               SELECT event_id, body, deliveries FROM event_keys k
                WHERE k.shard = u.shard AND k.tenant_id = u.tenant AND k.key = u.key  -- event_keys_pkey
                  AND k.day BETWEEN (coalesce($5, now()) AT TIME ZONE 'UTC')::date - 1
                                AND (coalesce($5, now()) AT TIME ZONE 'UTC')::date ORDER BY day LIMIT 1) k
         WHERE k.event_id <> u.event
        """

    public struct Row: Sendable, Hashable {
        /// The event of the batch, which was not stored.
        public let eventID: Event.ID
        /// The one that came first.
        public let firstEventID: Event.ID
        /// Of the first one's content.
        public let body: Fingerprint
        /// How many deliveries the first one was given.
        public let deliveries: Int32

        public init(eventID: Event.ID, firstEventID: Event.ID, body: Fingerprint, deliveries: Int32) {
            self.eventID = eventID
            self.firstEventID = firstEventID
            self.body = body
            self.deliveries = deliveries
        }
    }

    public let rows: [EventKeyRow]
    /// Nil: the database's clock; tests pass an instant.
    public let at: Instant?

    public init(_ rows: [EventKeyRow], at: Instant? = nil) {
        self.rows = rows
        self.at = at
    }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.shard }
        parameters.appendArray(of: rows) { $0.tenantID }
        parameters.appendArray(of: rows) { $0.key }
        parameters.appendArray(of: rows) { $0.eventID }
        parameters.append(at)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(
            eventID: try row.column(0), firstEventID: try row.column(1), body: try row.column(2),
            deliveries: try row.column(3))
    }
}
