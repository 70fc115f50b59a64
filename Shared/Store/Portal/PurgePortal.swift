public import Postgres

/// Deletes links, sessions and inspectors whose time is over, of all tenants.
public struct PurgePortal: Statement {
    public static let sql = """
        SELECT purge_portal($1)  -- portal_links_expiry, portal_sessions_expiry, inspectors_expiry
        """

    /// Rows of each kind at most.
    public let limit: Int

    public init(limit: Int) { self.limit = limit }

    public func bind(_ parameters: inout Parameters) { parameters.append(Int32(clamping: limit)) }

    /// How many were deleted of the kind that had most.
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
