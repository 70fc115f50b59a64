public import Postgres
public import Webhooks

/// Keeps a new API key. After ``SetTenantContext``.
public struct CreateAPIKey: Statement {
    public static let sql = """
        INSERT INTO api_keys (id, tenant_id, name, permissions, hint, created_by, created_at, expires_at, digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """

    public let key: APIKey
    /// SHA-256 of the key's text.
    public let digest: [UInt8]

    public init(_ key: APIKey, digest: [UInt8]) {
        self.key = key
        self.digest = digest
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(key.id)
        parameters.append(key.tenantID)
        parameters.append(key.name)
        parameters.append(key.permissions)
        parameters.append(key.hint)
        parameters.append(key.createdBy)
        parameters.append(key.createdAt)
        parameters.append(key.expiresAt)
        parameters.append(digest)
    }
}
