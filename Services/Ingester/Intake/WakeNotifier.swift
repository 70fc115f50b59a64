import Epoll
import Logging
import Postgres
import ServiceLifecycle
import Store

/// Says "look at `wakes`" to the delivery workers, after commits that added deliveries.
///
/// NOTIFY takes a lock of the whole cluster through its commit: so it never shares a transaction with data, has a
/// session of its own, and comes at most once in ``pause``. It has no payload, and nothing depends on it: whoever
/// misses one reads
/// `wakes` within a second anyway.
struct WakeNotifier: Service {
    static let pause: Duration = .milliseconds(2)

    private let pool: PostgresPool
    private let reactor: Reactor
    private let logger: Logger
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameter pool: of one session, for nothing else.
    init(pool: PostgresPool, reactor: Reactor, logger: Logger) {
        (self.pool, self.reactor, self.logger) = (pool, reactor, logger)
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Deliveries have been committed. Returns at once; several calls within ``pause`` become one NOTIFY.
    func wake() { signal.yield() }

    func run() async throws {
        var isAway = false
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                _ = try await pool.execute(NotifyWakes())
                isAway = false
            } catch {
                if !isAway { logger.warning("Wake not sent", metadata: ["error": "\(error)"]) }
                isAway = true
            }
            await reactor.pause(for: Self.pause)
        }
    }
}

extension Reactor {
    /// Returns `duration` from now, or up to a millisecond later.
    func pause(for duration: Duration) async {
        await withCheckedContinuation { continuation in
            perform { self.alarm(after: duration) { continuation.resume() } }
        }
    }
}
