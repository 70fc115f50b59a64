import Postgres
import Store
import Webhooks

/// Those events of `$1` that have neither a pending delivery nor a settled one: lost.
struct FindMissingEvents: Statement {
    static let sql = """
        SELECT e.id FROM unnest($1) e(id)
        EXCEPT SELECT event_id FROM deliveries
        EXCEPT SELECT event_id FROM invocations WHERE is_final
        """

    let events: [Event.ID]

    func bind(_ parameters: inout Parameters) { parameters.append(events) }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Event.ID { try row.column(0) }
}
