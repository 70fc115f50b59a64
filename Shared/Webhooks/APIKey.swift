/// A key that a tenant's programs call with, in the place of an access token. What is kept is its digest.
public struct APIKey: Identified, Hashable, Sendable {
    public static let identifierPrefix = "key"
    public typealias ID = Identifier<APIKey>

    public let id: ID
    public let tenantID: Tenant.ID
    public let name: String
    /// Names as in tokens: `webhooks:read`.
    public let permissions: [String]
    /// `••••` and the end of the key.
    public let hint: String
    /// Who asked for it: the subject of the token, or another key.
    public let createdBy: String?
    public let createdAt: Instant
    /// Nil: never.
    public let expiresAt: Instant?
    /// True to a minute or so; nil where it was never used.
    public let lastUsedAt: Instant?

    public init(
        id: ID = ID(), tenantID: Tenant.ID, name: String, permissions: [String], hint: String, createdBy: String?,
        createdAt: Instant = .now, expiresAt: Instant? = nil, lastUsedAt: Instant? = nil
    ) {
        self.id = id
        self.tenantID = tenantID
        self.name = name
        self.permissions = permissions
        self.hint = hint
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}
