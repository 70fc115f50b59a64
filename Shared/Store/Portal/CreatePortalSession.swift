public import Postgres
public import Webhooks

/// Keeps a session that a token has opened, and of the tenant's others the newest ``PortalSession/limit`` less one.
/// After ``SetTenantContext``.
public struct CreatePortalSession: Statement {
    public static let sql = """
        WITH ended AS (
          DELETE FROM portal_sessions WHERE id IN (
            SELECT id FROM portal_sessions WHERE tenant_id = $2                   -- portal_sessions_tenant
             ORDER BY id DESC OFFSET \(PortalSession.limit - 1)))
        INSERT INTO portal_sessions (id, tenant_id, digest, created_by, permissions, expires_at, api_key_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """

    public let session: PortalSession
    /// SHA-256 of the cookie's value.
    public let digest: [UInt8]

    public init(_ session: PortalSession, digest: [UInt8]) {
        self.session = session
        self.digest = digest
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(session.id)
        parameters.append(session.tenantID)
        parameters.append(digest)
        parameters.append(session.createdBy)
        parameters.append(session.permissions)
        parameters.append(session.expiresAt)
        parameters.append(session.apiKeyID)
    }
}
