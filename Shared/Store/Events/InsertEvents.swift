public import Postgres
public import Webhooks

/// Writes the events of a batch whose key is theirs: today's key row holds the event's own id.
///
/// A statement of its own, after ``InsertEventKeys``: it must see what a concurrent winner committed.
public struct InsertEvents: Statement {
    public static let sql = """
        INSERT INTO events (
               shard, tenant_id, id, resource_key, event_type, resource_id, occurred_at, traceparent, tracestate, data,
               related)
        SELECT u.shard, u.tenant, u.id, u.resource_key, u.type, u.resource_id, u.occurred_at, u.traceparent,
               u.tracestate, u.data, u.related
          FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
               u(shard, tenant, id, resource_key, type, resource_id, occurred_at, traceparent, tracestate, data,
                 related, key)
         WHERE u.key IS NULL OR EXISTS (
               -- event_keys_pkey
               SELECT 1 FROM event_keys k WHERE k.shard = u.shard AND k.tenant_id = u.tenant AND k.key = u.key
                  AND k.day = (coalesce($13, now()) AT TIME ZONE 'UTC')::date AND k.event_id = u.id)
        """

    public let rows: [EventRow]
    /// Nil: the database's clock; tests pass an instant.
    public let at: Instant?

    public init(_ rows: [EventRow], at: Instant? = nil) {
        self.rows = rows
        self.at = at
    }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.shard }
        parameters.appendArray(of: rows) { $0.tenantID }
        parameters.appendArray(of: rows) { $0.id }
        parameters.appendArray(of: rows) { $0.resourceKey }
        parameters.appendArray(of: rows) { $0.type }
        parameters.appendArray(of: rows) { $0.resourceID }
        parameters.appendArray(of: rows) { $0.occurredAt }
        parameters.appendArray(of: rows) { $0.traceparent }
        parameters.appendArray(of: rows) { $0.tracestate }
        parameters.appendArray(of: rows) { $0.data }
        parameters.appendArray(of: rows) { $0.related }
        parameters.appendArray(of: rows) { $0.key }
        parameters.append(at)
    }
}
