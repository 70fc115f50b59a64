import Foundation
public import Postgres
import Store
import Synchronization
import Webhooks

/// API keys by their text, each read at most once a second: for so long a revoked one may still be good.
public final class APIKeyDirectory: Sendable {
    static let lifetime: Duration = .seconds(1)
    private static let limit = 10_000

    private let find: @Sendable (_ digest: [UInt8]) async throws -> AccessToken?
    private let known = Mutex<[[UInt8]: (token: AccessToken, until: ContinuousClock.Instant)]>([:])

    init(find: @escaping @Sendable (_ digest: [UInt8]) async throws -> AccessToken?) { self.find = find }

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
    func token(of key: APIKeyText) async throws -> AccessToken? {
        let (digest, now) = (key.digest, ContinuousClock.now)
        if let entry = known.withLock({ $0[digest] }), now < entry.until {
            return entry.token.expiresAt > .now ? entry.token : nil
        }
        let found = try await find(digest)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            // Counted from before the reading: what it saw is no younger. Strangers' guesses are not remembered.
            known[digest] = found.map { ($0, now + Self.lifetime) }
        }
        return found
    }
}

extension AccessToken {
    init(_ grant: UseAPIKey.Grant) {
        self.init(
            subject: grant.id.description, tenants: .some([grant.tenant]),
            permissions: Set(grant.permissions.compactMap(Permission.init(rawValue:))).intersection(Permission.ofKeys),
            expiresAt: grant.expiresAt ?? .distantFuture, apiKey: grant.id)
    }
}
