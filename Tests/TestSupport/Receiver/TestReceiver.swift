import Foundation
import Glibc
import Synchronization

/// An HTTP receiver on an ephemeral port of 127.0.0.1 that records every request and answers as told, or misbehaves.
///
/// Plain blocking sockets with a thread a connection, apart from everything that it tests. It ends with its last
/// reference, or by ``stop()``.
public final class TestReceiver: Sendable {
    public typealias Responder = @Sendable (ReceivedRequest) -> ReceiverAnswer

    /// Why the receiver does not work, or was waited for in vain.
    public enum Failure: Error, CustomStringConvertible {
        case noSocket(errno: CInt)
        case missing(String)

        public var description: String {
            switch self {
            case .noSocket(let number): "no listening socket: errno \(number)"
            case .missing(let text): text
            }
        }
    }

    public let port: UInt16
    private let state: ReceiverState

    /// - Parameter respond: called on the connection's thread, for each request in turn.
    public init(_ respond: @escaping Responder) throws {
        let listener = try Self.listen(on: 0)
        port = Loopback.port(of: listener)
        state = ReceiverState(respond, listener: listener)
        Self.accept(on: listener, state)
    }

    /// Gives the first answer to the first request, and so on; the last one to all that come after.
    public convenience init(answers: ReceiverAnswer...) throws {
        let answers = answers.isEmpty ? [.ok] : answers
        try self.init { answers[min($0.number, answers.count - 1)] }
    }

    deinit { stop() }

    /// `http://127.0.0.1:port` and the path, which begins with a slash.
    public func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// What came until now, in order of arrival.
    public var requests: [ReceivedRequest] { state.requests }

    /// Connections accepted until now.
    public var connectionCount: Int { state.connectionCount }

    /// Answers as `respond` says from now on.
    public func answer(_ respond: @escaping Responder) { state.setResponder(respond) }

    /// Waits until at least `count` requests have come, and returns all.
    /// - Throws: what is missing when `limit` is over.
    @discardableResult
    public func waitForRequests(
        _ count: Int, within limit: Duration = .seconds(10)
    ) async throws -> [ReceivedRequest] {
        try await wait(within: limit, for: "\(count) requests") { $0.requests.count >= count }
        return requests
    }

    /// Waits until `condition` holds.
    /// - Throws: what is missing when `limit` is over.
    public func wait(
        within limit: Duration = .seconds(10), for what: String, _ condition: (TestReceiver) -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while !condition(self) {
            guard .now < deadline else {
                throw Failure.missing("\(what) did not come within \(limit); there are \(requests.count) requests")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Closes the port and all connections: from now on the receiver refuses.
    public func refuse() { state.stop() }

    /// Listens on the same port again.
    public func resume() throws {
        let listener = try Self.listen(on: port)
        state.resume(with: listener)
        Self.accept(on: listener, state)
    }

    /// Closes everything. Harmless the second time.
    public func stop() { state.stop() }

    // MARK: Sockets

    private static func listen(on port: UInt16) throws -> CInt {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var one: CInt = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<CInt>.size))
        let bound = Loopback.withAddress(port) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, Glibc.listen(listener, 1024) == 0 else {
            defer { close(listener) }
            throw Failure.noSocket(errno: errno)
        }
        return listener
    }

    private static func accept(on listener: CInt, _ state: ReceiverState) {
        startThread {
            while true {
                let socket = Glibc.accept(listener, nil, nil)
                if socket < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard socket >= 0 else { break }
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)  // a test's child process must not keep it open
                guard let number = state.add(socket, of: listener) else {
                    close(socket)
                    continue
                }
                startThread { ReceiverConnection(socket: socket, number: number, state: state).serve() }
            }
            close(listener)  // `ReceiverState.stop` only shuts it down: the number must not be reused under us
        }
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.stackSize = 512 * 1024
        thread.start()
    }
}
