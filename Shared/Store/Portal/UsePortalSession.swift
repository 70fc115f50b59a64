public import Postgres
public import Webhooks

/// Whose session a cookie is. No row: nobody's, or it is over, or the API key that asked for it is.
///
/// Needs no ``SetTenantContext``: it is asked before the tenant is known, and whoever asks has the cookie.
public struct UsePortalSession: Statement {
    public static let sql = """
        SELECT id, tenant, permissions, created_by, expires_at, api_key_id
          FROM use_portal_session($1)                                     -- portal_sessions_digest_key
        """

    /// SHA-256 of the cookie's value.
    public let digest: [UInt8]

    public init(digest: [UInt8]) { self.digest = digest }

    public func bind(_ parameters: inout Parameters) { parameters.append(digest) }

    /// What a session allows.
    public struct Grant: Sendable {
        /// Nil where whoever asked chose it.
        public let id: PortalSession.ID?
        /// The one tenant's identifier.
        public let tenant: String
        public let permissions: [String]
        public let createdBy: String?
        public let expiresAt: Instant
        /// With which it ends; nil: a token asked for it, or whoever asked knows.
        public let apiKey: APIKey.ID?
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Grant {
        Grant(
            id: try row.optional(0), tenant: try row.column(1), permissions: try row.column(2),
            createdBy: try row.optional(3), expiresAt: try row.column(4), apiKey: try row.optional(5))
    }
}
