import Postgres

/// The 50th, 95th and 99th of 100 and so on: 1 001 ranks of the time from an event's acceptance to its first request.
///
/// An event's id has the millisecond in which the ingester read it, so its commit is in the span.
struct FindDeliveryLatencies: Statement {
    static let sql = """
        SELECT unnest(percentile_disc(ARRAY(SELECT n / 1000.0 FROM generate_series(0, 1000) n)) WITHIN GROUP (
                 ORDER BY extract(epoch FROM started_at)::float8 * 1000 - ulid_milliseconds(event_id)))
          FROM invocations WHERE attempt = 1 AND tenant_id IN (SELECT id FROM tenants WHERE identifier = ANY ($1))
        """

    let tenants: [String]

    func bind(_ parameters: inout Parameters) { parameters.append(tenants) }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Double { try row.column(0) }
}
