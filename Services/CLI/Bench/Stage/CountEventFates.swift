import Postgres

/// What became of the events of some tenants.
struct EventFate: Sendable, Equatable {
    /// Committed.
    let events: Int
    /// Deliveries that are still owed.
    let pending: Int
    /// Requests in the history.
    let invocations: Int
    /// Deliveries that are settled.
    let settled: Int
    /// Requests that succeeded although one of the same delivery had succeeded before.
    let repeated: Int

    /// Deliveries that are neither settled nor owed. `fanOut`: webhooks of each tenant.
    func lost(fanOut: Int) -> Int { max(0, events * fanOut - pending - settled) }
}

/// Reads all of the history: for the end of a measurement.
struct CountEventFates: Statement {
    static let sql = """
        WITH t AS MATERIALIZED (SELECT id FROM tenants WHERE identifier = ANY ($1))
        SELECT (SELECT count(*) FROM events WHERE tenant_id IN (SELECT id FROM t)),
               (SELECT count(*) FROM deliveries WHERE tenant_id IN (SELECT id FROM t)),
               count(*), count(DISTINCT delivery_id) FILTER (WHERE is_final),
               count(*) FILTER (WHERE outcome = 0) - count(DISTINCT delivery_id) FILTER (WHERE outcome = 0)
          FROM invocations WHERE tenant_id IN (SELECT id FROM t)
        """

    let tenants: [String]

    func bind(_ parameters: inout Parameters) { parameters.append(tenants) }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> EventFate {
        EventFate(
            events: try row.column(0), pending: try row.column(1), invocations: try row.column(2),
            settled: try row.column(3), repeated: try row.column(4))
    }
}
