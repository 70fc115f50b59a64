public import Postgres
public import Webhooks

/// Keeps a new link to the portal. After ``SetTenantContext``.
public struct CreatePortalLink: Statement {
    public static let sql = """
        INSERT INTO portal_links (tenant_id, digest, created_by, permissions, expires_at) VALUES ($1, $2, $3, $4, $5)
        """

    public let tenant: Tenant.ID
    /// SHA-256 of the link's token.
    public let digest: [UInt8]
    public let createdBy: String?
    public let permissions: [String]
    public let expiresAt: Instant

    public init(
        tenant: Tenant.ID, digest: [UInt8], createdBy: String?, permissions: [String], expiresAt: Instant
    ) {
        self.tenant = tenant
        self.digest = digest
        self.createdBy = createdBy
        self.permissions = permissions
        self.expiresAt = expiresAt
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(digest)
        parameters.append(createdBy)
        parameters.append(permissions)
        parameters.append(expiresAt)
    }
}
