public import Postgres

/// A tenant's events of one resource id, without their data, newest first by id.
public struct ListEventsOfResource: Statement {
    public static let sql = """
        SELECT id, tenant_id, event_type, resource_id, occurred_at, traceparent FROM events
         WHERE shard = $1 AND tenant_id = $2 AND id < $3 AND id BETWEEN $4 AND $5
           AND resource_id = $7 AND octet_length(resource_id) <= 2000     -- events_of_resource
           AND ($6::text IS NULL OR event_type = $6)
         ORDER BY id DESC LIMIT $8
        """

    /// Bytes of a resource id that the index takes.
    public static let longest = 2000

    public let selection: EventSelection

    /// - Parameter selection: with a resource id of at most ``longest`` bytes.
    public init(_ selection: EventSelection) { self.selection = selection }

    public func bind(_ parameters: inout Parameters) { selection.bind(&parameters) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> ListedEvent { try ListedEvent(row) }
}
