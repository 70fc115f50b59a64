import Synchronization
import Webhooks

/// What secrets in the database allow, by the digest of their text, each read at most once a second: for so long one
/// that was revoked elsewhere may still be good.
final class RecentTokens: Sendable {
    static let lifetime: Duration = .seconds(1)
    private static let limit = 10_000

    private let find: @Sendable (_ digest: [UInt8]) async throws -> AccessToken?
    private let known = Mutex<[[UInt8]: (token: AccessToken, until: ContinuousClock.Instant)]>([:])

    init(find: @escaping @Sendable (_ digest: [UInt8]) async throws -> AccessToken?) { self.find = find }

    /// Nil for a secret that is nobody's, revoked or expired.
    ///
    /// - Throws: what the database throws.
    func token(_ digest: [UInt8]) async throws -> AccessToken? {
        let now = ContinuousClock.now
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

    func forget(_ digest: [UInt8]) { known.withLock { $0[digest] = nil } }
}
