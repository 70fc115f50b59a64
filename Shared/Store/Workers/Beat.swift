public import Postgres
public import Webhooks

/// A sign of life, each second. No row: this worker is fenced and must stop.
public struct Beat: Statement {
    public static let sql = """
        -- workers_pkey
        UPDATE workers SET beat = beat + 1 WHERE id = $1 AND fenced_at IS NULL RETURNING clock_timestamp()
        """

    public let worker: Worker.ID

    public init(worker: Worker.ID) { self.worker = worker }

    public func bind(_ parameters: inout Parameters) { parameters.append(worker) }

    /// The database's clock.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Instant { try row.column(0) }
}
