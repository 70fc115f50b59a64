import Synchronization
import Webhooks

/// A receiver inside the benchmark: it knows when each event came, and may take its time to answer.
final class TimedReceiver: Sendable {
    private struct Arrivals {
        var requests = 0
        var first: [Event.ID: Instant] = [:]
    }

    private let arrivals = Mutex(Arrivals())
    private let openPort = Mutex(0)
    /// How long it waits before it answers, in seconds, drawn anew each time.
    private let delay: ClosedRange<Double>?

    private init(delay: ClosedRange<Double>?) { self.delay = delay }

    var url: String { "http://127.0.0.1:\(openPort.withLock(\.self))/hook" }
    /// Requests so far, repeated ones too.
    var requests: Int { arrivals.withLock(\.requests) }
    /// Events so far.
    var events: Int { arrivals.withLock(\.first.count) }

    /// From the time in each event's id, drawn when the ingester read it, to its first request; in milliseconds.
    ///
    /// The id has whole milliseconds, so a span is up to 1 ms too long, never too short; the commit is in it.
    func latencies(of isMeant: (Event.ID) -> Bool = { _ in true }) -> [Double] {
        arrivals.withLock { arrivals in
            arrivals.first.filter { isMeant($0.key) }.map { event, came in
                (came - Instant(milliseconds: event.ulid.milliseconds)) / .milliseconds(1)
            }
        }
    }

    func has(_ event: Event.ID) -> Bool { arrivals.withLock { $0.first[event] != nil } }

    /// Runs `body` while one listens.
    static func open<Result>(
        delay: ClosedRange<Double>? = nil, _ body: (TimedReceiver) async throws -> Result
    ) async throws -> Result {
        let receiver = TimedReceiver(delay: delay)
        let socket = try RequestSocket { receiver.take($0) }
        receiver.openPort.withLock { $0 = socket.port }
        await socket.listen()
        do {
            let result = try await body(receiver)
            await socket.close()
            socket.end()
            return result
        } catch {
            await socket.close()
            socket.end()
            throw error
        }
    }

    private func take(_ webhookID: String) -> Duration {
        let came = Instant.now
        arrivals.withLock { arrivals in
            arrivals.requests += 1
            if let id = Event.ID(webhookID), arrivals.first[id] == nil { arrivals.first[id] = came }
        }
        return delay.map { .seconds(Double.random(in: $0)) } ?? .zero
    }
}
