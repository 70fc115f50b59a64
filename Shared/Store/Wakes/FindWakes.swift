public import Postgres
public import Webhooks

/// The wakes of some transactions that touch any of some shards.
public struct FindWakes: Statement {
    public static let sql = """
        SELECT xid, due_at, shards, webhooks, tenants, removes FROM wakes
         WHERE xid = ANY ($1) AND (shard_mask & $2) <> 0                  -- wakes_xid
        """

    public let transactions: [UInt64]
    let mask: Int64

    public init(transactions: [UInt64], shards: some Sequence<Shard>) {
        self.transactions = transactions
        mask = Shard.mask(of: shards)
    }

    public var isOmitted: Bool { transactions.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: transactions) { PostgresTransactionID($0) }
        parameters.append(mask)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Wake { try Wake(row) }
}
