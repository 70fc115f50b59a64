public import Postgres
public import Webhooks

/// Keeps a new link to the portal. No row: the tenant has as many as it may. After ``SetTenantContext`` and
/// ``LockTenant``.
public struct CreatePortalLink: Statement {
    public static let sql = """
        INSERT INTO portal_links (tenant_id, digest, created_by, permissions, expires_at, api_key_id)
        SELECT $1, $2, $3, $4, $5, $6
         WHERE (SELECT count(*) FROM portal_links                         -- portal_links_tenant
                 WHERE tenant_id = $1 AND expires_at > now()) < $7
        RETURNING expires_at
        """

    public let tenant: Tenant.ID
    /// SHA-256 of the link's token.
    public let digest: [UInt8]
    public let createdBy: String?
    public let permissions: [String]
    public let expiresAt: Instant
    /// With which the link ends; nil: a token asked for it.
    public let apiKey: APIKey.ID?
    /// Links of a tenant at a time.
    public let limit: Int

    public init(
        tenant: Tenant.ID, digest: [UInt8], createdBy: String?, permissions: [String], expiresAt: Instant,
        apiKey: APIKey.ID?, limit: Int
    ) {
        self.tenant = tenant
        self.digest = digest
        self.createdBy = createdBy
        self.permissions = permissions
        self.expiresAt = expiresAt
        self.apiKey = apiKey
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(digest)
        parameters.append(createdBy)
        parameters.append(permissions)
        parameters.append(expiresAt)
        parameters.append(apiKey)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Instant { try row.column(0) }
}
