import HTTPTypes
import Hummingbird
import Logging
import NIOCore
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
    static func open<Result: Sendable>(
        delay: ClosedRange<Double>? = nil, _ body: @escaping @Sendable (TimedReceiver) async throws -> Result
    ) async throws -> Result {
        let receiver = TimedReceiver(delay: delay)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.serve() }
            defer { group.cancelAll() }
            guard try await Deadline.wait(for: .seconds(10), until: { receiver.openPort.withLock(\.self) > 0 }) else {
                throw CommandFailure("the receiver did not start")
            }
            return try await body(receiver)
        }
    }

    private func serve() async throws {
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        try await Application(
            responder: CallbackResponder { (request, _: BasicRequestContext) in try await self.answer(request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in self.openPort.withLock { $0 = channel.localAddress?.port ?? 0 } },
            logger: logger
        ).run()
    }

    private func answer(_ request: Request) async throws -> Response {
        let came = Instant.now
        _ = try await request.body.collect(upTo: 8 << 20)
        let id = HTTPField.Name("webhook-id").flatMap { request.headers[$0] }.flatMap(Event.ID.init)
        arrivals.withLock { arrivals in
            arrivals.requests += 1
            if let id, arrivals.first[id] == nil { arrivals.first[id] = came }
        }
        if let delay { try await ContinuousClock().sleep(for: .seconds(Double.random(in: delay))) }
        return Response(status: .noContent)
    }
}
