public import Webhooks

/// What a verified token, or an API key, says about its bearer.
public struct AccessToken: Sendable, Hashable {
    /// Whose tenants the bearer may act for.
    public enum Tenants: Sendable, Hashable {
        /// `["*"]`.
        case all
        case some(Set<String>)
    }

    /// `sub`, nil where the token has none; the id of an API key.
    public let subject: String?
    public let tenants: Tenants
    /// Those that Martlet knows; other names are ignored.
    public let permissions: Set<Permission>
    public let expiresAt: Instant
    /// Nil for a token; otherwise the API key that stands in its place.
    public let apiKey: APIKey.ID?
    /// Nil for a token; otherwise the session of the portal that stands in its place.
    public let session: PortalSession.ID?
    /// The API key that the caller ends with: itself, or the one that its session came from.
    public let rootKey: APIKey.ID?

    /// - Parameter rootKey: of a session; an API key is its own.
    public init(
        subject: String?, tenants: Tenants, permissions: Set<Permission>, expiresAt: Instant,
        apiKey: APIKey.ID? = nil, session: PortalSession.ID? = nil, rootKey: APIKey.ID? = nil
    ) {
        self.subject = subject
        self.tenants = tenants
        self.permissions = permissions
        self.expiresAt = expiresAt
        self.apiKey = apiKey
        self.session = session
        self.rootKey = apiKey ?? rootKey
    }

    /// Until when what it asks for may last: a key or a session cannot outlive itself in another one.
    public var latestGrant: Instant { apiKey == nil && session == nil ? .distantFuture : expiresAt }

    /// Whether the bearer may act for the tenant of this identifier.
    public func covers(tenant identifier: String) -> Bool {
        switch tenants {
        case .all: true
        case .some(let identifiers): identifiers.contains(identifier)
        }
    }
}

/// Why a token is refused. The caller learns only that it is; the reason goes into the log.
public enum TokenError: Error, Sendable, Hashable {
    /// Not three parts of base64url, or a header or payload that is no JSON of the right shape.
    case malformed
    /// `alg` is `none`, one that is not supported, or not that of the key; or the header has a `crit`.
    case unacceptableAlgorithm
    /// No key of the token's `kid` and `alg`.
    case unknownKey
    /// Keys are published at a URL that has not answered yet: nothing can be said about the token.
    case keysUnavailable
    case badSignature
    case expired
    /// `nbf` lies ahead.
    case notYetValid
    case wrongIssuer
    case wrongAudience
}
