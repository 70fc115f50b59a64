public import Postgres
public import Webhooks

/// Whose API key this is, noting that it was used. No row: nobody's, expired, or revoked.
///
/// The one statement of the API that needs no ``SetTenantContext``: it is asked before the tenant is known, and whoever
/// asks has the key.
public struct UseAPIKey: Statement {
    public static let sql = """
        SELECT id, tenant, permissions, expires_at FROM use_api_key($1)  -- api_keys_digest_key, tenants_pkey
        """

    /// SHA-256 of the key's text.
    public let digest: [UInt8]

    public init(digest: [UInt8]) { self.digest = digest }

    public func bind(_ parameters: inout Parameters) { parameters.append(digest) }

    /// What a key allows.
    public struct Grant: Sendable {
        public let id: APIKey.ID
        /// The one tenant's identifier.
        public let tenant: String
        public let permissions: [String]
        public let expiresAt: Instant?
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Grant {
        Grant(
            id: try row.column(0), tenant: try row.column(1), permissions: try row.column(2),
            expiresAt: try row.optional(3))
    }
}
