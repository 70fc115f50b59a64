public import Postgres

/// The ids of wakes between the horizon of the last such read and the newest seen: those not yet seen committed late.
///
/// At least one row, without a transaction where there is no wake: it tells the new horizon.
public struct FindLateWakes: Statement {
    public static let sql = """
        SELECT pg_snapshot_xmin(s.snapshot), w.xid FROM (SELECT pg_current_snapshot() AS snapshot) s
          LEFT JOIN wakes w ON w.xid >= $1 AND w.xid <= $2                -- wakes_xid
        """

    public struct Row: Sendable, Hashable {
        /// Every transaction below it had ended when this was read.
        public let horizon: UInt64
        public let transaction: UInt64?
    }

    public let horizon: UInt64
    public let newest: UInt64

    public init(horizon: UInt64, newest: UInt64) {
        self.horizon = horizon
        self.newest = newest
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(PostgresTransactionID(horizon))
        parameters.append(PostgresTransactionID(newest))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let horizon: PostgresTransactionID = try row.column(0)
        let transaction: PostgresTransactionID? = try row.optional(1)
        return Row(horizon: horizon.value, transaction: transaction?.value)
    }
}
