import Foundation
import Logging
import Synchronization
import ServiceLifecycle
import Testing

@testable import CommandLineTool

/// An endpoint inside the test: what came, and when.
final class Inbox: Sendable {
    struct Request: Sendable {
        let content: ReceivedRequest
        let at: ContinuousClock.Instant
        var message: String { content.headers["webhook-id"] ?? "" }
    }

    private let requests = Mutex<[Request]>([])
    private let port = Mutex<Int?>(nil)

    private var openPort: Int? { port.withLock(\.self) }
    var all: [Request] { requests.withLock(\.self) }
    var messages: Set<String> { Set(all.map(\.message)) }

    /// Runs `body` with an endpoint that answers by `misbehaviour`; `url` leads to it.
    static func open<Value: Sendable>(
        _ misbehaviour: Misbehaviour = Misbehaviour(),
        _ body: @Sendable (Inbox, _ url: String) async throws -> Value
    ) async throws -> Value {
        let inbox = Inbox()
        let receiver = Receiver(
            misbehaviour: misbehaviour,
            show: { content in inbox.requests.withLock { $0.append(Request(content: content, at: .now)) } })
        let server = receiver.server(host: "127.0.0.1", port: 0) { port in inbox.port.withLock { $0 = port } }
        var logger = Logger(label: "inbox")
        logger.logLevel = .critical
        let services = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        // A task of its own, which nobody cancels: under load, that ends the process in the library below.
        let running = Task { try await services.run() }
        let result: Result<Value, any Error>
        do { result = .success(try await inbox.lend(to: body)) } catch { result = .failure(error) }
        await services.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }

    private func lend<Value: Sendable>(
        to body: @Sendable (Inbox, _ url: String) async throws -> Value
    ) async throws -> Value {
        _ = try await Deadline.wait(for: .seconds(10)) { openPort != nil }
        let port = try #require(openPort)
        return try await body(self, "http://127.0.0.1:\(port)/hook")
    }

    /// Waits until `count` different messages have come.
    func receives(_ count: Int, within patience: Duration) async throws -> Bool {
        try await Deadline.wait(for: patience) { messages.count >= count }
    }
}
