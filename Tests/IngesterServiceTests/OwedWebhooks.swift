import Postgres
import Store
import Webhooks

/// What the table owes.
struct OwedWebhooks: Statement {
    static let sql = "SELECT webhook_id, event_id, order_key FROM deliveries ORDER BY webhook_id, due_at, id"

    struct Row: Sendable {
        let webhook: Webhook.ID
        let event: Event.ID
        let orderKey: Int64?
    }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(webhook: try row.column(0), event: try row.column(1), orderKey: try row.optional(2))
    }
}
