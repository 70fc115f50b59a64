public import Postgres
public import Webhooks

/// Ends the sessions of a dead worker, which may hold locks that no timeout frees. A row for each session.
public struct EndSessionsOfWorker: Statement {
    public static let sql = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE usename = session_user AND datname = current_database() AND application_name = $1
           AND pid <> pg_backend_pid()
        """

    public let worker: Worker.ID

    public init(worker: Worker.ID) { self.worker = worker }

    public func bind(_ parameters: inout Parameters) { parameters.append(Worker.applicationName(of: worker)) }

    /// Whether the signal was sent.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
