public import Postgres

/// Takes the lock on a worker's name if it is free: then the process that had it is gone.
///
/// The lock belongs to the session; keep one leased for as long as the worker lives.
public struct TryLockWorkerName: Statement {
    public static let sql = """
        SELECT pg_try_advisory_lock(hashtextextended('martlet.worker ' || $1, 0))
        """

    public let name: String

    public init(_ name: String) { self.name = name }

    public func bind(_ parameters: inout Parameters) { parameters.append(name) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
}
