public import Postgres

/// A tenant's events of one type, without their data, newest first by id.
public struct ListTypedEvents: Statement {
    public static let sql = """
        SELECT id, tenant_id, event_type, resource_id, occurred_at, traceparent FROM events
         WHERE shard = $1 AND tenant_id = $2 AND id < $3 AND id BETWEEN $4 AND $5 AND event_type = $6  -- events_typed
           AND ($7::text IS NULL OR resource_id = $7)
         ORDER BY id DESC LIMIT $8
        """

    public let selection: EventSelection

    /// - Parameter selection: with a type.
    public init(_ selection: EventSelection) { self.selection = selection }

    public func bind(_ parameters: inout Parameters) { selection.bind(&parameters) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> ListedEvent { try ListedEvent(row) }
}
