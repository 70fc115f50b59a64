public import Postgres

/// The ids of wakes, up to the newest seen, that were not visible to the last such read: those that were seen since,
/// and those that were committed late. One row, which also tells what the next read starts from.
///
/// A wake is found once and no more, however long another transaction stays open.
public struct FindLateWakes: Statement {
    public static let sql = """
        SELECT pg_snapshot_xmax(s.snapshot), ARRAY(SELECT pg_snapshot_xip(s.snapshot)),
               ARRAY(SELECT w.xid FROM wakes w WHERE w.xid >= $1 AND w.xid <= $2  -- wakes_xid
                      UNION ALL SELECT w.xid FROM wakes w WHERE w.xid = ANY ($3))
          FROM (SELECT pg_current_snapshot() AS snapshot) s
        """

    public struct Row: Sendable, Hashable {
        public let snapshot: WakeSnapshot
        public let transactions: [UInt64]
    }

    /// Nil: there was none before.
    public let last: WakeSnapshot?
    public let newest: UInt64

    public init(since last: WakeSnapshot?, newest: UInt64) {
        self.last = last
        self.newest = newest
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(PostgresTransactionID(last?.next ?? .max))
        parameters.append(PostgresTransactionID(newest))
        parameters.appendArray(of: last?.open ?? []) { PostgresTransactionID($0) }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let next: PostgresTransactionID = try row.column(0)
        let open: [PostgresTransactionID] = try row.column(1)
        let transactions: [PostgresTransactionID] = try row.column(2)
        return Row(
            snapshot: WakeSnapshot(next: next.value, open: open.map(\.value)),
            transactions: transactions.map(\.value))
    }
}
