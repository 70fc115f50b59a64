public import Postgres
public import Webhooks

/// In the first minute of a UTC day, claims the keys of a batch in yesterday's partition too: its key decides as well.
///
/// Before ``InsertEventKeys``. The order of the rows keeps two ingesters from a deadlock.
public struct InsertYesterdaysEventKeys: Statement {
    public static let sql = """
        INSERT INTO event_keys (day, shard, tenant_id, key, event_id, body, deliveries)
        SELECT (coalesce($7, now()) AT TIME ZONE 'UTC')::date - 1, u.*
          FROM unnest($1, $2, $3, $4, $5, $6) u(shard, tenant, key, event, body, deliveries)
         WHERE (coalesce($7, now()) AT TIME ZONE 'UTC')::time < '00:01'
         ORDER BY shard, tenant, key ON CONFLICT DO NOTHING               -- event_keys_pkey
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
