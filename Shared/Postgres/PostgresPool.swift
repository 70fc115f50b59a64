public import Epoll
public import Logging
import Synchronization

/// Sessions with one database, opened as they are needed and opened again when they die.
///
/// It lives on one reactor, and so do its sessions: an actor on the same reactor uses them without a change of thread.
/// It works from its making until ``close()``. Single statements share sessions; ``transact(_:)``,
/// ``withConnection(_:)`` and ``listen(to:)`` lease one each, so `maximumSessions` must exceed the leases that are held
/// for long.
public actor PostgresPool {
    /// The reactor that it lives on.
    public nonisolated let reactor: Reactor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let configuration: PostgresConfiguration
    private let logger: Logger
    private var gauges: PoolGauges
    private let reachable = Atomic<Bool>(false)
    private var state: PoolState
    private var connections: [PoolState.SessionID: PostgresConnection] = [:]
    private var waiters: [PoolState.Ticket: Waiter] = [:]
    private var closers: [CheckedContinuation<Void, Never>] = []
    private var isFinished = false

    private struct Waiter {
        let continuation: CheckedContinuation<Result<PoolState.SessionID, PostgresError>, Never>
        let deadline: Reactor.AlarmID
    }

    /// A session and its number in the pool, until it is given back.
    struct Lease: Sendable {
        let id: PoolState.SessionID
        let connection: PostgresConnection
    }

    /// Starts to open the first session.
    public init(_ configuration: PostgresConfiguration, on reactor: Reactor, logger: Logger) {
        self.configuration = configuration
        self.reactor = reactor
        self.logger = logger
        gauges = PoolGauges(name: configuration.parameters["application_name"] ?? "")
        state = PoolState(
            limits: .init(
                sessions: configuration.maximumSessions, waiting: configuration.maximumWaiting,
                depth: configuration.pipelineDepth, backoff: configuration.backoff))
        reactor.perform { [weak self] in self?.assumeIsolated { $0.start() } }
    }

    private func start() {
        state.start()
        carryOut()
    }

    /// True while at least one session is open; from any thread.
    public nonisolated var isReachable: Bool { reachable.load(ordering: .relaxed) }

    // MARK: The end

    /// Takes no more callers, ends what listens, and returns when those who have a session are done.
    public func close() async {
        beginClosing()
        if !isFinished { await withCheckedContinuation { closers.append($0) } }
    }

    private func beginClosing() {
        for connection in connections.values {  // listening is no work to be finished
            connection.assumeIsolated { if !$0.listeners.isEmpty { $0.end("closed") } }
        }
        decide { $0.close() }
    }

    // MARK: Leases

    /// Waits at most the configuration's `waitLimit`.
    func acquire(_ use: PoolState.Use) async throws(PostgresError) -> Lease {
        let id: PoolState.SessionID
        switch state.request(use) {
        case .granted(let granted):
            carryOut()
            id = granted
        case .refused(let error): throw error
        case .waiting(let ticket):
            carryOut()
            id = try await wait(with: ticket).get()
        }
        guard let connection = connections[id] else {  // it died between the grant and this line
            throw .connection(state.outage ?? "the session is gone")
        }
        return Lease(id: id, connection: connection)
    }

    private func wait(with ticket: PoolState.Ticket) async -> Result<PoolState.SessionID, PostgresError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let deadline = reactor.alarm(after: configuration.waitLimit) { [weak self] in
                    self?.assumeIsolated { $0.decide { $0.expire(ticket) } }
                }
                waiters[ticket] = Waiter(continuation: continuation, deadline: deadline)
            }
        } onCancel: {
            reactor.perform { self.assumeIsolated { $0.decide { $0.cancel(ticket) } } }
        }
    }

    func release(_ lease: Lease, _ use: PoolState.Use) {
        let isReusable = use == .shared || lease.connection.assumeIsolated { $0.isReusable }
        decide { $0.release(lease.id, use, isReusable: isReusable) }
    }

    // MARK: Effects

    private func decide(_ event: (inout PoolState) -> Void) {
        event(&state)
        carryOut()
    }

    private func carryOut() {
        while !state.actions.isEmpty {
            for action in state.takeActions() { carryOut(action) }
        }
        reachable.store(state.isReachable, ordering: .relaxed)
        gauges.record(state)
    }

    private func carryOut(_ action: PoolState.Action) {
        switch action {
        case .open(let id): open(id)
        case .close(let id):
            let connection = connections.removeValue(forKey: id)
            connection?.assumeIsolated {
                $0.onEnd = nil; $0.end("closed")
            }
        case .grant(let ticket, let id): resume(ticket, .success(id))
        case .refuse(let ticket, let error): resume(ticket, .failure(error))
        case .pause(let duration):
            reactor.alarm(after: duration) { [weak self] in self?.assumeIsolated { $0.decide { $0.pauseIsOver() } } }
        case .reportLost(let reason):
            logger.warning("Database lost", metadata: ["database": "\(configuration)", "reason": "\(reason)"])
        case .reportRegained: logger.notice("Database regained", metadata: ["database": "\(configuration)"])
        case .finish:
            isFinished = true
            for closer in closers { closer.resume() }
            closers = []
        }
    }

    private func resume(_ ticket: PoolState.Ticket, _ result: Result<PoolState.SessionID, PostgresError>) {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return }
        reactor.cancel(waiter.deadline)
        waiter.continuation.resume(returning: result)
    }

    private func open(_ id: PoolState.SessionID) {
        Opening.begin(configuration, on: reactor) { [weak self] result in
            guard let self else { return }
            self.assumeIsolated { $0.opened(id, result) }
        }
    }

    private func opened(_ id: PoolState.SessionID, _ result: Result<PostgresConnection, PostgresError>) {
        switch result {
        case .success(let connection):
            guard state.index(of: id) != nil else { return connection.assumeIsolated { $0.end("closed") } }
            connections[id] = connection
            connection.assumeIsolated {
                $0.onEnd = { [weak self] reason in self?.assumeIsolated { $0.died(id, reason) } }
            }
            decide { $0.opened(id) }
        case .failure(.connection(let reason)): decide { $0.failed(id, reason) }
        case .failure(let error): decide { $0.failed(id, "\(error)") }
        }
    }

    private func died(_ id: PoolState.SessionID, _ reason: String) {
        connections[id] = nil
        logger.debug("Session lost", metadata: ["database": "\(configuration)", "reason": "\(reason)"])
        decide { $0.died(id, reason) }
    }
}
