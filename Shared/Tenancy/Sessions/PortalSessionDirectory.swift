import HTTPTypes
public import Hummingbird
public import Postgres
public import Store
import Webhooks

/// Sessions of the portal by their cookie.
public final class PortalSessionDirectory: Sendable {
    /// Of the cookie; what is kept is the SHA-256 of its value.
    public static let cookieName = "martlet_portal"

    private let tokens: RecentTokens

    init(find: @escaping @Sendable (_ digest: [UInt8]) async throws -> AccessToken?) {
        tokens = RecentTokens(find: find)
    }

    /// The sessions of a database, read as the API's role.
    public convenience init(pool: PostgresPool) {
        self.init { try await pool.execute(UsePortalSession(digest: $0)).first.map(AccessToken.init(session:)) }
    }

    /// What the session of a request's cookie allows; nil where there is no cookie, and for one that is over.
    ///
    /// - Throws: what the database throws.
    public func token(of request: Request) async throws -> AccessToken? {
        guard let cookie = Self.cookie(of: request) else { return nil }
        return try await tokens.token(cookie.digest)
    }

    /// Forgets the session of a request's cookie: it was ended.
    public func forget(_ request: Request) {
        if let cookie = Self.cookie(of: request) { tokens.forget(cookie.digest) }
    }

    static func cookie(of request: Request) -> PortalSecret? {
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
            expiresAt: grant.expiresAt, session: grant.id)
    }
}

extension HTTPField.Name {
    /// `Sec-Fetch-Site` (Fetch metadata).
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
