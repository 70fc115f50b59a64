internal import Postgres
public import Webhooks

/// An event type of one tenant's own, beside those of the catalogue.
public struct TenantEventType: Sendable, Hashable {
    public let type: EventType
    /// JSON text of an object: a JSON Schema of `data`. Shown, never enforced.
    public let schema: String?
    /// JSON text of an object: a `data` that events of this type may have.
    public let example: String?
    public let createdAt: Instant

    /// Columns: name, description, schema, example, created_at.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let name: String = try row.column(0)
        // What is no name cannot be entered; a row that was written by hand still shows.
        let open = EventType(openName: name) ?? EventType(name: name, resource: name, action: name)
        let description: String? = try row.optional(1)
        type = EventType(
            name: name, resource: open.resource, action: open.action, description: description ?? "")
        schema = try row.optional(2)
        example = try row.optional(3)
        createdAt = try row.column(4)
    }
}
