import Crypto
import Synchronization
import Webhooks

/// Tokens that were verified, by the SHA-256 of their text, until they expire. Bounded: strangers cannot fill it, as
/// only what we signed gets in, and a tenant that mints tokens without end pushes out the oldest half.
final class TokenCache: Sendable {
    private struct State {
        // Two generations: when the young one is full it becomes the old one, and what nobody used since is dropped.
        var young: [SHA256.Digest: AccessToken] = [:]
        var old: [SHA256.Digest: AccessToken] = [:]
        var keys = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: tokens at most.
    init(capacity: Int) { self.capacity = max(capacity, 2) }

    /// - Parameter keys: the generation of the keys that count now; what others have verified is forgotten.
    func token(_ digest: SHA256.Digest, keys: Int = 0) -> AccessToken? {
        state.withLock { state in
            guard state.keys == keys else { return nil }
            if let token = state.young[digest] { return token }
            guard let token = state.old[digest] else { return nil }
            insert(token, digest, &state)
            return token
        }
    }

    /// - Parameter keys: the generation of the keys that have verified it.
    func insert(_ token: AccessToken, _ digest: SHA256.Digest, keys: Int = 0) {
        state.withLock { state in
            guard keys >= state.keys else { return }
            if keys > state.keys { state = State(keys: keys) }
            insert(token, digest, &state)
        }
    }

    func remove(_ digest: SHA256.Digest) {
        state.withLock { state in
            state.young[digest] = nil
            state.old[digest] = nil
        }
    }

    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    private func insert(_ token: AccessToken, _ digest: SHA256.Digest, _ state: inout State) {
        state.old[digest] = nil
        state.young[digest] = token
        if state.young.count > capacity / 2 {
            state.old = state.young
            state.young = [:]
        }
    }
}
