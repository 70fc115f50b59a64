internal import Postgres
internal import Webhooks

extension Event {
    /// Columns: id, tenant_id, event_type, resource_id, occurred_at, traceparent, tracestate, data, related.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        self.init(
            id: try row.column(0), tenantID: try row.column(1), type: try row.column(2),
            resourceID: try row.optional(3), occurredAt: try row.optional(4), traceparent: try row.optional(5),
            tracestate: try row.optional(6), data: try row.payload(7), related: try row.optionalPayload(8))
    }
}
