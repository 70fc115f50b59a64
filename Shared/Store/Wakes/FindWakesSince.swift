public import Postgres
public import Webhooks

/// Wakes with a transaction id above the greatest one seen, that touch any of some shards: on NOTIFY, and each second.
///
/// Ids that this server has not given yet are another's: rows of a dump that was restored here. Were they believed, all
/// that comes until they are reached would count as late.
public struct FindWakesSince: Statement {
    public static let sql = """
        SELECT xid, due_at, shards, webhooks, tenants, removes FROM wakes
         WHERE xid > $1 AND xid < pg_snapshot_xmax(pg_current_snapshot())  -- wakes_xid
           AND (shard_mask & $2) <> 0 ORDER BY xid
        """

    public let transaction: UInt64
    let mask: Int64

    public init(transaction: UInt64, shards: some Sequence<Shard>) {
        self.transaction = transaction
        mask = Shard.mask(of: shards)
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(PostgresTransactionID(transaction))
        parameters.append(mask)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Wake { try Wake(row) }
}
