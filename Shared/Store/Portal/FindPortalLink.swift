public import Postgres

/// Whose link it is; the link stays. No row: nobody's, or it is over, or the API key that asked for it is.
///
/// Needs no ``SetTenantContext``: it is asked before the tenant is known, and whoever asks has the link.
public struct FindPortalLink: Statement {
    public static let sql = """
        SELECT tenant, name FROM find_portal_link($1)                     -- portal_links_pkey
        """

    /// SHA-256 of the link's token.
    public let digest: [UInt8]

    public init(digest: [UInt8]) { self.digest = digest }

    public func bind(_ parameters: inout Parameters) { parameters.append(digest) }

    /// The tenant that it opens the portal of.
    public struct Owner: Sendable {
        public let identifier: String
        public let name: String
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Owner {
        Owner(identifier: try row.column(0), name: try row.column(1))
    }
}
