public import Postgres

/// Deletes wakes that are 60 s old and that no snapshot can still miss.
public struct PurgeWakes: Statement {
    public static let sql = """
        DELETE FROM wakes WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM wakes WHERE xid < pg_snapshot_xmin(pg_current_snapshot())  -- wakes_xid
             AND due_at < now() - interval '60 s' ORDER BY xid LIMIT $1))
        """

    /// Rows at most.
    public let limit: Int

    public init(limit: Int) { self.limit = limit }

    public func bind(_ parameters: inout Parameters) { parameters.append(limit) }
}
