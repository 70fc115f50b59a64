import Postgres

/// What some tenants are still owed.
struct CountPendingDeliveries: Statement {
    static let sql = """
        SELECT count(*) FROM deliveries WHERE tenant_id IN (SELECT id FROM tenants WHERE identifier = ANY ($1))
        """

    let tenants: [String]

    func bind(_ parameters: inout Parameters) { parameters.append(tenants) }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
