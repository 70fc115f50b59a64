public import Postgres

/// Deletes keys whose day is over, of all tenants.
public struct PurgeIdempotencyKeys: Statement {
    public static let sql = """
        SELECT purge_idempotency_keys($1 * interval '1 second', $2)       -- idempotency_keys_created
        """

    /// Rows at most.
    public let limit: Int

    public init(limit: Int) { self.limit = limit }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(IdempotencyKey.lifetime / .seconds(1))
        parameters.append(Int32(clamping: limit))
    }

    /// How many were deleted.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
