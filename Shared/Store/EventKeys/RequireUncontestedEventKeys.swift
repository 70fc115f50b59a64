public import Postgres
public import Webhooks

/// Aborts the transaction with ``SQLState/eventKeyContested`` if a key of these rows belongs to other content.
///
/// For the keys of requests with several events: of those nothing may be stored when one of them conflicts. After
/// ``InsertEventKeys``, as a statement of its own: it must see what a concurrent winner committed.
public struct RequireUncontestedEventKeys: Statement {
    public static let sql = """
        SELECT require(count(*) = 0, 'MA003') FROM unnest($1, $2, $3, $4, $5) u(shard, tenant, key, event, body)
         CROSS JOIN LATERAL (
               SELECT event_id, body FROM event_keys k
                WHERE k.shard = u.shard AND k.tenant_id = u.tenant AND k.key = u.key  -- event_keys_pkey
                  AND k.day BETWEEN (coalesce($6, now()) AT TIME ZONE 'UTC')::date - 1
                                AND (coalesce($6, now()) AT TIME ZONE 'UTC')::date ORDER BY day LIMIT 1) k
         WHERE k.event_id <> u.event AND k.body <> u.body
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
        parameters.append(at)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
