public import Postgres
public import Webhooks

/// Keeps a session that a token has opened. After ``SetTenantContext``.
public struct CreatePortalSession: Statement {
    public static let sql = """
        INSERT INTO portal_sessions (id, tenant_id, digest, created_by, permissions, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
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
    }
}
