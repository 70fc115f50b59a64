internal import Postgres
internal import Webhooks

extension Delivery {
    /// Columns, from `first` on: due_at, not_before, id, tenant_id, event_id, order_key, attempt, trigger.
    init(
        _ row: borrowing RowReader, shard: Shard, webhook: Webhook.ID, from first: Int = 0
    ) throws(PostgresError) {
        self.init(
            id: try row.column(first + 2), shard: shard, tenantID: try row.column(first + 3), webhookID: webhook,
            eventID: try row.column(first + 4), dueAt: try row.column(first), notBefore: try row.optional(first + 1),
            orderKey: try row.optional(first + 5), attempts: try row.column(first + 6),
            trigger: try row.column(first + 7))
    }
}
