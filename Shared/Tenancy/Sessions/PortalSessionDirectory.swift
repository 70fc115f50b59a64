import HTTPTypes
public import Hummingbird
public import Postgres
public import Store
import Webhooks

/// Sessions of the portal by their cookie; what is kept of one is the SHA-256 of its value.
public final class PortalSessionDirectory: Sendable {
    private let tokens: RecentTokens
    private let isSecure: @Sendable (Request) -> Bool

    init(
        isSecure: @escaping @Sendable (Request) -> Bool = { _ in false },
        find: @escaping @Sendable (_ digest: [UInt8]) async throws -> AccessToken?
    ) {
        tokens = RecentTokens(find: find)
        self.isSecure = isSecure
    }

    /// The sessions of a database, read as the API's role.
    ///
    /// - Parameter isSecure: whether a request's browser came by https.
    public convenience init(pool: PostgresPool, isSecure: @escaping @Sendable (Request) -> Bool) {
        self.init(isSecure: isSecure) {
            try await pool.execute(UsePortalSession(digest: $0)).first.map(AccessToken.init(session:))
        }
    }

    /// Of the cookie. By https it has the prefix with which a browser takes it from this very host alone, so that no
    /// neighbouring domain can plant one (RFC 6265bis § 4.1.3.2).
    public static func cookieName(isSecure: Bool) -> String { isSecure ? "__Host-martlet_portal" : "martlet_portal" }

    /// What the session of a request's cookie allows; nil where there is no cookie, and for one that is over.
    ///
    /// - Throws: what the database throws.
    public func token(of request: Request) async throws -> AccessToken? {
        guard let cookie = cookie(of: request) else { return nil }
        return try await tokens.token(cookie.digest)
    }

    /// Forgets the session of a request's cookie: it was ended.
    public func forget(_ request: Request) {
        if let cookie = cookie(of: request) { tokens.forget(cookie.digest) }
    }

    /// The request's cookie; nil where there is none that could be one.
    public func cookie(of request: Request) -> PortalSecret? {
        let cookieName = Self.cookieName(isSecure: isSecure(request))
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].filter({ $0 != " " }) == cookieName else { continue }
                return PortalSecret(String(parts[1]))
            }
        }
        return nil
    }

    /// Whether a browser says that another site made it send the request.
    ///
    /// Beneath it stand `SameSite=Strict` and `X-tenant-ID`, which no other site can make a browser send.
    static func isForged(_ request: Request) -> Bool {
        guard let site = request.headers[.secFetchSite] else { return false }
        return site != "same-origin" && site != "none"
    }
}

extension AccessToken {
    /// What a session allows.
    public init(session grant: UsePortalSession.Grant) {
        self.init(
            subject: grant.createdBy, tenants: .some([grant.tenant]),
            permissions: Set(grant.permissions.compactMap(Permission.init(rawValue:))).intersection(Permission.ofKeys),
            expiresAt: grant.expiresAt, session: grant.id, rootKey: grant.apiKey)
    }
}

extension HTTPField.Name {
    /// `Sec-Fetch-Site` (Fetch metadata).
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
