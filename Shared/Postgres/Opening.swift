import CPostgres
public import Epoll

/// The opening of one session on a reactor: name look-up elsewhere, then libpq's own steps, one each time its socket is
/// ready. It keeps itself alive through its alarm.
///
/// `@unchecked Sendable` because all of it but the look-up runs on the reactor's thread.
final class Opening: @unchecked Sendable {
    typealias Completion = @Sendable (Result<PostgresConnection, PostgresError>) -> Void

    private let configuration: PostgresConfiguration
    private let reactor: Reactor
    private var completion: Completion?
    private var deadline: Reactor.AlarmID?
    private var session: OpaquePointer?
    private var watched: CInt?

    private init(_ configuration: PostgresConfiguration, on reactor: Reactor, completion: @escaping Completion) {
        self.configuration = configuration
        self.reactor = reactor
        self.completion = completion
    }

    /// Calls `completion` once, on the reactor's thread. From any thread.
    static func begin(_ configuration: PostgresConfiguration, on reactor: Reactor, completion: @escaping Completion) {
        let opening = Opening(configuration, on: reactor, completion: completion)
        reactor.perform { opening.begin() }
    }

    private func begin() {
        let limit = configuration.connectLimit
        deadline = reactor.alarm(after: limit) { self.fail("no session within \(limit)") }
        let lookup = HostLookup(configuration.parameters)
        guard lookup.isNeeded else { return start(lookup.parameters) }
        lookup.start { result in
            self.reactor.perform {
                switch result {
                case .success(let parameters): self.start(parameters)
                case .failure(.connection(let reason)): self.fail(reason)
                case .failure(let error): self.fail("\(error)")
                }
            }
        }
    }

    private func start(_ parameters: ConnectionParameters) {
        guard completion != nil else { return }  // the look-up outlasted the deadline
        session = withCStrings(parameters.keywords) { keywords in
            withCStrings(parameters.values) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let session, PQstatus(session) != CONNECTION_BAD else { return fail(message) }
        PQsetNoticeReceiver(session, { _, _ in }, nil)  // else libpq writes notices to stderr
        watch(session, for: .write)
    }

    private func step() {
        guard let session, completion != nil else { return }
        switch PQconnectPoll(session) {
        case PGRES_POLLING_READING: watch(session, for: .read)
        case PGRES_POLLING_WRITING: watch(session, for: .write)
        case PGRES_POLLING_OK where PQsetnonblocking(session, 1) == 0 && PQenterPipelineMode(session) == 1:
            succeed(session)
        default: fail(message)
        }
    }

    /// While it connects, libpq may change its socket between two polls.
    private func watch(_ session: OpaquePointer, for interest: Readiness) {
        let descriptor = PQsocket(session)
        guard descriptor >= 0 else { return fail(message) }
        if let watched, watched != descriptor { reactor.unwatch(watched) }
        watched = descriptor
        reactor.watch(descriptor, for: interest) { _ in self.step() }
    }

    private var message: String { session.map { String(cString: PQerrorMessage($0)).firstLine } ?? "out of memory" }

    private func succeed(_ open: OpaquePointer) {
        unwatch()
        session = nil  // the connection owns it now
        nonisolated(unsafe) let handedOver = open  // on this thread, which is that of the connection too
        finish(.success(.adopt(handedOver, on: reactor, answerLimit: configuration.answerLimit)))
    }

    private func fail(_ reason: String) {
        unwatch()
        if let session { PQfinish(session) }
        session = nil
        finish(.failure(.connection(reason)))
    }

    private func unwatch() {
        if let watched { reactor.unwatch(watched) }
        watched = nil
    }

    private func finish(_ result: Result<PostgresConnection, PostgresError>) {
        if let deadline { reactor.cancel(deadline) }
        let completion = completion
        self.completion = nil
        completion?(result)
    }
}

extension PostgresConnection {
    /// Opens a session of its own, outside every pool; end it with ``close()``.
    ///
    /// - Throws: ``PostgresError/connection(_:)`` when there is none within the configuration's `connectLimit`.
    public static func connect(
        _ configuration: PostgresConfiguration, on reactor: Reactor
    ) async throws(PostgresError) -> PostgresConnection {
        let result = await withCheckedContinuation { opening in
            Opening.begin(configuration, on: reactor) { opening.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    let starts = strings.map { string in
        defer { bytes.append(contentsOf: string.utf8CString) }
        return bytes.count
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
