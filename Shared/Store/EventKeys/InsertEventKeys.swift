public import Postgres
public import Webhooks

/// Claims the keys of a batch: whose row it is afterwards, ``InsertEvents`` and ``InsertDeliveries`` ask.
///
/// A key that another event holds since yesterday is not claimed. The order of the rows keeps two ingesters from a
/// deadlock.
public struct InsertEventKeys: Statement {
    public static let sql = """
        INSERT INTO event_keys (day, shard, tenant_id, key, event_id, body, deliveries)
        SELECT (coalesce($7, now()) AT TIME ZONE 'UTC')::date, u.*
          FROM unnest($1, $2, $3, $4, $5, $6) u(shard, tenant, key, event, body, deliveries)
         WHERE NOT EXISTS (
               -- event_keys_pkey
               SELECT 1 FROM event_keys k WHERE k.shard = u.shard AND k.tenant_id = u.tenant AND k.key = u.key
                  AND k.day = (coalesce($7, now()) AT TIME ZONE 'UTC')::date - 1 AND k.event_id <> u.event)
         ORDER BY shard, tenant, key ON CONFLICT DO NOTHING
        """

    public let rows: [EventKeyRow]
    /// Nil: the database's clock; tests pass an instant.
    public let at: Instant?

    public init(_ rows: [EventKeyRow], at: Instant? = nil) {
        self.rows = rows
        self.at = at
    }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendKeys(rows)
        parameters.appendArray(of: rows) { $0.deliveries }
        parameters.append(at)
    }
}
