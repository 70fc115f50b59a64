public import Postgres

/// The wakes of some transactions.
public struct FindWakes: Statement {
    public static let sql = """
        SELECT xid, due_at, shards, webhooks, tenants, removes FROM wakes WHERE xid = ANY ($1)  -- wakes_xid
        """

    public let transactions: [UInt64]

    public init(transactions: [UInt64]) { self.transactions = transactions }

    public var isOmitted: Bool { transactions.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: transactions) { PostgresTransactionID($0) }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Wake { try Wake(row) }
}
