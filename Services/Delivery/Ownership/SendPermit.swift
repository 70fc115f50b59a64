import Synchronization
import Webhooks

/// Until when this worker may send, and what the database's clock says: written by every beat, read before every send.
///
/// A beat renews the permit from the moment it was **sent**: 6 s. A peer waits 8 s before it takes over, so a worker
/// that was cut off, or stopped by a signal, falls silent at least 2 s earlier.
final class SendPermit: Sendable {
    static let validity = Duration.seconds(6)

    private struct State {
        var validUntil: ContinuousClock.Instant?
        /// Database time minus boot time.
        var databaseTime: (at: ContinuousClock.Instant, instant: Instant)?
    }

    private let state = Mutex(State())

    /// A beat sent at `sent` was answered at `answered` with the database's time.
    func renew(sent: ContinuousClock.Instant, answered: ContinuousClock.Instant, databaseTime: Instant) {
        state.withLock {
            $0.validUntil = sent + Self.validity
            $0.databaseTime = (sent + (answered - sent) / 2, databaseTime)
        }
    }

    /// Nothing may be sent until the next good beat.
    func revoke() { state.withLock { $0.validUntil = nil } }

    /// Whether a request may start now.
    var isValid: Bool { state.withLock { $0.validUntil.map { ContinuousClock.now < $0 } ?? false } }

    /// The database's clock, as the last beat set it; this machine's before the first.
    var databaseNow: Instant {
        state.withLock { state in
            guard let known = state.databaseTime else { return .now }
            return known.instant + (ContinuousClock.now - known.at)
        }
    }
}
