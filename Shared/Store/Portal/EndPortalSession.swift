public import Postgres
public import Webhooks

/// Ends the session of a cookie. Exactly one row, nil where there was none.
///
/// Needs no ``SetTenantContext``: whoever asks has the cookie.
public struct EndPortalSession: Statement {
    public static let sql = """
        SELECT end_portal_session($1)                                     -- portal_sessions_digest_key
        """

    /// SHA-256 of the cookie's value.
    public let digest: [UInt8]

    public init(digest: [UInt8]) { self.digest = digest }

    public func bind(_ parameters: inout Parameters) { parameters.append(digest) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> PortalSession.ID? {
        try row.optional(0)
    }
}
