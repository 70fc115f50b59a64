import CPostgres
import DequeModule
public import Epoll

/// One session with the server, in pipeline mode: a caller never waits for another caller's answer.
///
/// It runs on its reactor. Once broken it stays broken: every answer that was owed fails with `.lost`, every later call
/// with `.connection`; a ``PostgresPool`` opens another one. A statement that has been sent is carried out even when
/// its caller's task is cancelled.
public actor PostgresConnection {
    /// The reactor that it lives on.
    public nonisolated let reactor: Reactor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
    /// The number of the server's process, as `pg_stat_activity` shows it.
    public nonisolated let processID: Int32

    /// Nil once the session is over.
    var session: OpaquePointer?
    private(set) var endReason: String?
    private let descriptor: CInt
    private var interest: Readiness = []

    var plans: [ObjectIdentifier: Plan] = [:]
    var planCount = 0
    var owed = Deque<Owed>()
    var script: Batch?

    private let answerLimit: Duration?
    private var isWatched = false
    private var progress: UInt64 = 0

    var listeners: [Listener] = []
    var lastListener = 0
    var endWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var lastEndWaiter = 0
    /// Called once, on the reactor, when the session is over.
    var onEnd: ((String) -> Void)?

    private init(owning session: sending OpaquePointer, on reactor: Reactor, answerLimit: Duration?) {
        self.reactor = reactor
        self.session = session
        self.answerLimit = answerLimit
        processID = PQbackendPID(session)
        descriptor = PQsocket(session)
    }

    /// Takes a session that is open and in pipeline mode. On the reactor's thread.
    static func adopt(_ session: sending OpaquePointer, on reactor: Reactor, answerLimit: Duration?)
        -> PostgresConnection
    {
        let connection = PostgresConnection(owning: session, on: reactor, answerLimit: answerLimit)
        connection.assumeIsolated { $0.watch(for: .read) }
        return connection
    }

    isolated deinit {
        guard let session else { return }
        reactor.unwatch(descriptor)
        PQfinish(session)
    }

    // MARK: Socket

    func flush() {
        guard let session else { return }
        switch PQflush(session) {
        case 0: watch(for: .read)
        case 1: watch(for: [.read, .write])
        default: end(message)
        }
    }

    private func watch(for interest: Readiness) {
        guard self.interest != interest else { return }
        self.interest = interest
        reactor.watch(descriptor, for: interest) { [weak self] _ in self?.assumeIsolated { $0.socketIsReady() } }
    }

    private func socketIsReady() {
        guard let session else { return }
        let isAlive = PQconsumeInput(session) == 1  // also while it cannot write: the server may wait for us to read
        let message = isAlive ? "" : self.message
        progress &+= 1
        readAnswers()  // what came before the end is still good
        readNotifications()
        if !isAlive { return end(message) }
        if interest.contains(.write) { flush() }
    }

    var message: String { session.map { String(cString: PQerrorMessage($0)).firstLine } ?? endReason ?? "" }

    // MARK: A server that hangs

    /// Ends the session when answers are owed and nothing has come in a whole period.
    func watchProgress() {
        guard let answerLimit, !isWatched else { return }
        isWatched = true
        let seen = progress
        reactor.alarm(after: answerLimit) { [weak self] in self?.assumeIsolated { $0.checkProgress(since: seen) } }
    }

    private func checkProgress(since seen: UInt64) {
        isWatched = false
        guard session != nil, !owed.isEmpty || script != nil else { return }
        if seen == progress { end("no answer within \(answerLimit ?? .zero)") } else { watchProgress() }
    }

    // MARK: The end

    /// True until the session is over.
    public var isOpen: Bool { session != nil }

    /// Answers, PREPAREs and syncs that are on their way.
    var owedCount: Int { owed.count }

    /// True when the session is as good as new for its next user: no transaction is open, nobody listens.
    var isReusable: Bool {
        session.map { PQtransactionStatus($0) == PQTRANS_IDLE } == true && owed.isEmpty && script == nil
            && listeners.isEmpty
    }

    /// Ends the session; what it owes fails with `.lost`.
    public func close() { end("closed") }

    func requireOpen() throws(PostgresError) {
        if session == nil { throw .connection(endReason ?? "closed") }
        if script != nil { throw .connection("a script is running on this session") }
    }

    func end(_ reason: String) {
        guard let session else { return }
        self.session = nil
        endReason = reason
        reactor.unwatch(descriptor)
        PQfinish(session)  // at once: the server keeps locks until it hears of it
        let owed = owed
        self.owed.removeAll()
        for case .plan(let plan) in owed { plan.failure = .lost(reason) }
        for case .sync(let batch?) in owed {
            batch.note(.lost(reason))
            batch.settle()
        }
        script?.note(.lost(reason))
        script?.settle()
        script = nil
        for listener in listeners { listener.stream.finish(throwing: PostgresError.lost(reason)) }
        for (_, waiter) in endWaiters { waiter.resume() }
        endWaiters = [:]
        onEnd?(reason)
        onEnd = nil
    }
}
