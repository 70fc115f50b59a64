import Synchronization
import Webhooks

/// How long the last good beat allows sending: a value, the clock is an argument.
struct PermitTerm {
    /// From the moment that a beat was sent.
    static let validity = Duration.seconds(6)

    private var validUntil: ContinuousClock.Instant?

    /// A beat sent at `sent` was answered.
    mutating func renew(sent: ContinuousClock.Instant) { validUntil = sent + Self.validity }

    /// Nothing may be sent until the next good beat.
    mutating func revoke() { validUntil = nil }

    func isValid(at now: ContinuousClock.Instant) -> Bool { validUntil.map { now < $0 } ?? false }
}

/// Until when this worker may send, and what the database's clock says: written by every beat, read before every send.
///
/// A beat renews the permit from the moment it was **sent**: 6 s. A peer waits 7.5 s before it takes over, so a worker
/// that was cut off, or stopped by a signal, falls silent at least 1.5 s earlier.
final class SendPermit: Sendable {
    private struct State {
        var term = PermitTerm()
        /// Database time minus boot time.
        var databaseTime: (at: ContinuousClock.Instant, instant: Instant)?
    }

    private let state = Mutex(State())
    private let machineTime: @Sendable () -> Instant

    /// - Parameter machineTime: this machine's clock, which is asked only until the first beat has been answered.
    init(machineTime: @escaping @Sendable () -> Instant = { .now }) { self.machineTime = machineTime }

    /// A beat sent at `sent` was answered at `answered` with the database's time.
    func renew(sent: ContinuousClock.Instant, answered: ContinuousClock.Instant, databaseTime: Instant) {
        state.withLock {
            $0.term.renew(sent: sent)
            $0.databaseTime = (sent + (answered - sent) / 2, databaseTime)
        }
    }

    /// Nothing may be sent until the next good beat.
    func revoke() { state.withLock { $0.term.revoke() } }

    /// Whether a request may start now.
    var isValid: Bool { state.withLock { $0.term.isValid(at: .now) } }

    /// The database's clock, as the last beat set it; this machine's before the first.
    var databaseNow: Instant {
        state.withLock { state in
            guard let known = state.databaseTime else { return machineTime() }
            return known.instant + (ContinuousClock.now - known.at)
        }
    }
}
