public import Postgres
import Store
import Webhooks

/// API keys by their text.
public final class APIKeyDirectory: Sendable {
    static let lifetime = RecentTokens.lifetime

    private let tokens: RecentTokens

    init(find: @escaping @Sendable (_ digest: [UInt8]) async throws -> AccessToken?) {
        tokens = RecentTokens(find: find)
    }

    /// The keys of a database, read as the API's or the ingester's role.
    ///
    /// - Parameter waits: false where a crowd would wait for a database that is away, and help nobody.
    public convenience init(pool: PostgresPool, waits: Bool = true) {
        self.init { digest in
            guard waits || pool.isReachable else { throw PostgresError.connection("the database is away") }
            return try await pool.execute(UseAPIKey(digest: digest)).first.map(AccessToken.init)
        }
    }

    /// What the key allows; nil for one that is nobody's, revoked or expired.
    ///
    /// - Throws: what the database throws.
    func token(of key: APIKeyText) async throws -> AccessToken? { try await tokens.token(key.digest) }
}

extension AccessToken {
    init(_ grant: UseAPIKey.Grant) {
        self.init(
            subject: grant.id.description, tenants: .some([grant.tenant]),
            permissions: Set(grant.permissions.compactMap(Permission.init(rawValue:))).intersection(Permission.ofKeys),
            expiresAt: grant.expiresAt ?? .distantFuture, apiKey: grant.id)
    }
}
