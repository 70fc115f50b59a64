/// What one browser may do in the portal for a while. What is kept of it is the digest of its cookie.
public struct PortalSession: Identified, Hashable, Sendable {
    public static let identifierPrefix = "pss"
    public typealias ID = Identifier<PortalSession>
    /// Sessions of a tenant at a time: the oldest gives way.
    public static let limit = 500

    public let id: ID
    public let tenantID: Tenant.ID
    /// Names as in tokens: `webhooks:read`.
    public let permissions: [String]
    /// Who opened it: the subject of the token.
    public let createdBy: String?
    public let expiresAt: Instant
    /// The API key with which it ends; nil: a token opened it.
    public let apiKeyID: APIKey.ID?

    public init(
        id: ID = ID(), tenantID: Tenant.ID, permissions: [String], createdBy: String?, expiresAt: Instant,
        apiKeyID: APIKey.ID? = nil
    ) {
        self.id = id
        self.tenantID = tenantID
        self.permissions = permissions
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.apiKeyID = apiKeyID
    }
}
