public import Postgres
public import Webhooks

/// Fences a worker, if its beat is still the one that did not change. No row: it lives, and keeps its leases. A row
/// also where another peer was first.
public struct MarkWorkerDead: Statement {
    public static let sql = """
        UPDATE workers SET fenced_at = coalesce(fenced_at, clock_timestamp())
         WHERE id = $1 AND (beat = $2 OR fenced_at IS NOT NULL) RETURNING id  -- workers_pkey
        """

    public let worker: Worker.ID
    public let beat: Int64

    public init(worker: Worker.ID, beat: Int64) {
        self.worker = worker
        self.beat = beat
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(worker)
        parameters.append(beat)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Worker.ID { try row.column(0) }
}
