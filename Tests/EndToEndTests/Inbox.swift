import Foundation
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
    static func open<Result: Sendable>(
        _ misbehaviour: Misbehaviour = Misbehaviour(),
        _ body: @escaping @Sendable (Inbox, _ url: String) async throws -> Result
    ) async throws -> Result {
        let inbox = Inbox()
        let receiver = Receiver(
            misbehaviour: misbehaviour,
            show: { content in inbox.requests.withLock { $0.append(Request(content: content, at: .now)) } })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await receiver.server(host: "127.0.0.1", port: 0) { port in
                    inbox.port.withLock { $0 = port }
                }.run()
            }
            defer { group.cancelAll() }
            _ = try await Deadline.wait(for: .seconds(10)) { inbox.openPort != nil }
            let port = try #require(inbox.openPort)
            return try await body(inbox, "http://127.0.0.1:\(port)/hook")
        }
    }

    /// Waits until `count` different messages have come.
    func receives(_ count: Int, within patience: Duration) async throws -> Bool {
        try await Deadline.wait(for: patience) { messages.count >= count }
    }
}
