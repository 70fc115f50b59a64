import DequeModule

/// Which session serves whom, when to open another one and when to give up waiting: every decision of a pool, without
/// its sockets, clocks and callers.
///
/// Each event leaves ``actions`` behind for the shell to carry out, in order. Single statements share sessions; a lease
/// has one to itself. Who waits is served in the order of arrival, but a statement that could run is not held up by a
/// lease that cannot be had yet. A lease that waits reserves a session, which then takes no more statements and so
/// falls idle.
struct PoolState {
    typealias SessionID = Int
    typealias Ticket = Int
    enum Use: Sendable { case shared, leased }

    enum Action: Equatable {
        case open(SessionID)
        case close(SessionID)
        case grant(Ticket, SessionID)
        case refuse(Ticket, PostgresError)
        /// Call ``pauseIsOver()`` after this time.
        case pause(Duration)
        /// The last session is gone, or the first could not be had: once an outage.
        case reportLost(String)
        case reportRegained
        /// Closing is done.
        case finish
    }

    enum Answer: Equatable {
        case granted(SessionID)
        case waiting(Ticket)
        case refused(PostgresError)
    }

    struct Limits {
        var sessions = 8
        var waiting = 10_000
        /// Statements under way on one session.
        var depth = 64
        /// Statements under way on each session before another one is opened. One: what shares a session waits for the
        /// slowest before it.
        var growth = 1
        var backoff: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2)
    }

    struct Session {
        let id: SessionID
        var isOpen = false
        var isLeased = false
        var isReserved = false
        var hasServed = false
        var statements = 0

        var isFree: Bool { isOpen && !isLeased && statements == 0 }
        func takesStatements(upTo depth: Int) -> Bool { isOpen && !isLeased && !isReserved && statements < depth }
    }

    let limits: Limits
    var sessions: [Session] = []
    var waiting: [Ticket: Use] = [:]
    var statementQueue = Deque<Ticket>()
    var leaseQueue = Deque<Ticket>()
    var waitingLeases = 0
    var actions: [Action] = []
    private var lastSession = 0
    private var lastTicket = 0
    private(set) var failures = 0
    private var isPausing = false
    private(set) var outage: String?
    private(set) var isClosing = false

    init(limits: Limits) { self.limits = limits }

    var isReachable: Bool { sessions.contains(where: \.isOpen) }

    mutating func takeActions() -> [Action] {
        defer { actions.removeAll() }
        return actions
    }

    // MARK: Callers

    /// A caller wants a session: now, or later with its ticket.
    mutating func request(_ use: Use) -> Answer {
        if isClosing { return .refused(Self.closed) }
        if let id = grant(use, ifNobodyWaits: true) {
            if use == .shared { grow() }
            return .granted(id)
        }
        guard waiting.count < limits.waiting else { return .refused(.busy) }
        lastTicket += 1
        waiting[lastTicket] = use
        switch use {
        case .shared: statementQueue.append(lastTicket)
        case .leased:
            leaseQueue.append(lastTicket)
            waitingLeases += 1
        }
        grow()
        reserve()
        return .waiting(lastTicket)
    }

    /// The caller's deadline has come.
    mutating func expire(_ ticket: Ticket) { withdraw(ticket, outage.map { .connection($0) } ?? .timedOut) }

    /// The caller's task was cancelled.
    mutating func cancel(_ ticket: Ticket) { withdraw(ticket, .cancelled) }

    private mutating func withdraw(_ ticket: Ticket, _ error: PostgresError) {
        guard takeOut(ticket) != nil else { return }
        actions.append(.refuse(ticket, error))
        serve()
    }

    /// A caller is done with its session.
    ///
    /// - Parameter isReusable: false for a lease that left its session in the middle of something.
    mutating func release(_ id: SessionID, _ use: Use, isReusable: Bool = true) {
        guard let index = index(of: id) else { return }
        switch use {
        case .shared: sessions[index].statements -= 1
        case .leased: sessions[index].isLeased = false
        }
        if !isReusable || isClosing && sessions[index].isFree {
            sessions.remove(at: index)
            actions.append(.close(id))
        }
        settle()
    }

    // MARK: Sessions

    /// Opens the first session.
    mutating func start() { grow() }

    mutating func opened(_ id: SessionID) {
        guard let index = index(of: id) else { return }
        sessions[index].isOpen = true
        if outage != nil { actions.append(.reportRegained) }
        outage = nil
        settle()
    }

    /// A session could not be opened.
    mutating func failed(_ id: SessionID, _ reason: String) {
        guard let index = index(of: id) else { return }
        sessions.remove(at: index)
        failed(reason)
    }

    /// An open session has died; whoever used it knows from its statements.
    mutating func died(_ id: SessionID, _ reason: String) {
        guard let index = index(of: id) else { return }
        let session = sessions.remove(at: index)
        if session.hasServed {
            noteOutage(reason)
            settle()
        } else {
            failed(reason)  // one that dies unused must not be followed by another one at once, for ever
        }
    }

    mutating func pauseIsOver() {
        isPausing = false
        grow()
    }

    private mutating func failed(_ reason: String) {
        noteOutage(reason)
        if !isPausing, !isClosing {
            isPausing = true
            actions.append(.pause(pause))
            failures += 1
        }
        settle()
    }

    private var pause: Duration {
        min(limits.backoff.upperBound, limits.backoff.lowerBound * (1 << min(failures, 20)))
    }

    private mutating func noteOutage(_ reason: String) {
        guard !isReachable, !isClosing else { return }
        if outage == nil { actions.append(.reportLost(reason)) }
        outage = reason
    }

    private mutating func settle() {
        if isClosing {
            if sessions.isEmpty { actions.append(.finish) }
        } else {
            serve()
            grow()
        }
    }

    // MARK: The end

    /// No more callers; sessions end when those who have them are done.
    mutating func close() {
        guard !isClosing else { return }
        isClosing = true
        for ticket in waiting.keys.sorted() { actions.append(.refuse(ticket, Self.closed)) }
        waiting.removeAll()
        waitingLeases = 0
        for session in sessions where session.isFree || !session.isOpen { actions.append(.close(session.id)) }
        sessions.removeAll { $0.isFree || !$0.isOpen }
        settle()
    }

    static let closed = PostgresError.connection("the pool is closed")

    // MARK: Growth

    /// Opens sessions: one at least, one for each lease that waits, one more when the open ones are busy. After a
    /// failure one at a time, with pauses.
    mutating func grow() {
        guard !isClosing, !isPausing else { return }
        let opening = sessions.count { !$0.isOpen }
        var wanted = waitingLeases + (waiting.count > waitingLeases ? 1 : 0)
        if wanted == 0, sessions.isEmpty || isCrowded { wanted = 1 }
        if failures > 0 { wanted = min(1, wanted) }
        for _ in 0..<max(0, min(wanted - opening, limits.sessions - sessions.count)) {
            lastSession += 1
            sessions.append(Session(id: lastSession))
            actions.append(.open(lastSession))
        }
    }

    /// True when statements share sessions, each of which has many, and no other is on its way.
    private var isCrowded: Bool {
        sessions.contains { !$0.isLeased }
            && !sessions.contains { !$0.isOpen || !$0.isLeased && $0.statements < limits.growth }
    }

    func index(of id: SessionID) -> Int? { sessions.firstIndex { $0.id == id } }

    mutating func markServing(_ index: Int) {
        sessions[index].hasServed = true
        failures = 0
    }
}
