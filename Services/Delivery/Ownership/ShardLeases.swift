import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Keeps this worker's place among its peers: beats, takes its fair share of shards, gives surplus back, takes over
/// from the dead.
///
/// On a reactor and a session of its own, so that no load delays a beat. What to do is decided by ``LeaseTable``; what
/// it means for deliveries is told through ``changes``.
actor ShardLeases {
    enum Change: Sendable {
        /// Mine from now on: their counters are already right again.
        case took([Shard])
        /// Another worker's: nothing of them counts any more.
        case lost([Shard])
        /// To be let go in its own time.
        case release([Shard])
    }

    /// This worker was declared dead by a peer: it must end, and begin again as another.
    struct Fenced: Error {}

    nonisolated let reactor: Reactor
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    /// What changed, in order; ends when ``run()`` does.
    nonisolated let changes: AsyncStream<Change>
    private let tell: AsyncStream<Change>.Continuation
    private let configuration: PostgresConfiguration
    private let worker: Worker.ID
    private let name: String
    private let permit: SendPermit
    private let logger: Logger
    private var table: LeaseTable
    private var session: PostgresConnection?
    private var hasJoined = false
    private var holdsName = false
    private var predecessors: Set<Worker.ID> = []
    private var isAway = false
    private var takesMore = true
    private var hasSaidLeaving = false

    private init(
        worker: Worker.ID, name: String, patience: Duration, configuration: PostgresConfiguration, permit: SendPermit,
        reactor: Reactor, logger: Logger
    ) {
        self.worker = worker
        self.name = name
        self.configuration = configuration
        self.permit = permit
        self.reactor = reactor
        self.logger = logger
        table = LeaseTable(me: worker, patience: patience)
        (changes, tell) = AsyncStream.makeStream()
    }

    static func make(
        worker: Worker.ID, name: String, patience: Duration, configuration: PostgresConfiguration, permit: SendPermit,
        reactor: Reactor, logger: Logger
    ) -> ShardLeases {
        ShardLeases(
            worker: worker, name: name, patience: patience, configuration: configuration, permit: permit,
            reactor: reactor, logger: logger)
    }

    /// Beats every second until cancelled. Throws ``Fenced`` when a peer has declared this worker dead.
    func run() async throws {
        defer { tell.finish() }
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await beat()
                if isAway { logger.notice("Beats again", metadata: ["worker.id": "\(worker)"]) }
                isAway = false
            } catch let error as PostgresError {
                table.missedBeat()
                if !isAway { logger.warning("Beat failed", metadata: ["error": "\(error)", "worker.id": "\(worker)"]) }
                isAway = true
                await closeSession()
            }
            await reactor.pause(for: max(.milliseconds(50), .seconds(1) - (ContinuousClock.now - began)))
        }
    }

    /// Takes no more shards: this worker is about to leave.
    func takeNoMore() { takesMore = false }

    /// Leaves for good, when everything has been given back: nobody needs to wait for this worker's death.
    func leave() async throws(PostgresError) {
        permit.revoke()
        _ = try await openSession().execute(MarkWorkerGone(worker: worker))
        await closeSession()
    }

    // MARK: One beat

    private func beat() async throws {
        let session = try await openSession()
        let sent = ContinuousClock.now
        let (times, peers, leases) = try await session.transact(
            Beat(worker: worker), FindPeers(), FindLeases())
        let answered = ContinuousClock.now
        guard let time = times.first else {
            permit.revoke()
            throw Fenced()
        }
        permit.renew(sent: sent, answered: answered, databaseTime: time)
        try await findPredecessors(among: peers.filter { $0.name == name && $0.id != worker }.map(\.id), on: session)
        let actions = table.observe(
            peers: peers.map { .init(id: $0.id, beat: $0.beat, isLeaving: $0.isLeaving) },
            leases: leases.map { .init(shard: $0.shard, owner: $0.owner) },
            predecessors: predecessors, at: answered)
        let lost = table.takeLost()
        if !lost.isEmpty { tell.yield(.lost(lost)) }
        for action in actions where takesMore { try await perform(action, on: session) }
        if !takesMore, !hasSaidLeaving {
            _ = try await session.execute(MarkWorkerLeaving(worker: worker))
            hasSaidLeaving = true
        }
        try await announce(on: session)
    }

    /// Workers of my name are gone when the lock on it is free: while another process of this name lives, it decides
    /// when its shards are free. Tried at each beat: the session of one that died may outlive it by a moment.
    private func findPredecessors(
        among namesakes: [Worker.ID], on session: PostgresConnection
    ) async throws(PostgresError) {
        if !holdsName { holdsName = try await session.execute(TryLockWorkerName(name)).first ?? false }
        if holdsName { predecessors.formUnion(namesakes) }
    }

    /// Tells of shards that are mine and were not told of yet, once the counters of their open minutes are right again:
    /// what the last owner had counted and not written is lost with it.
    private func announce(on session: PostgresConnection) async throws(PostgresError) {
        let fresh = table.fresh
        guard !fresh.isEmpty else { return }
        let minute = permit.databaseNow.startOfMinute + .seconds(-60)
        _ = try await session.execute(RecountDeliveryStats(shards: fresh, since: minute))
        table.announce(fresh)
        tell.yield(.took(fresh))
        logger.info(
            "Shards taken", metadata: ["shard.count": .stringConvertible(fresh.count), "worker.id": "\(worker)"])
    }

    private func perform(_ action: LeaseTable.Action, on session: PostgresConnection) async throws(PostgresError) {
        switch action {
        case .fence(let dead):
            for peer in dead {
                _ = try await session.execute(EndSessionsOfWorker(worker: peer.id))
                let fenced = try await session.execute(MarkWorkerDead(worker: peer.id, beat: peer.beat))
                if fenced.isEmpty { table.survived(peer.id) }
                logger.notice(
                    fenced.isEmpty ? "Worker lives after all" : "Worker fenced", metadata: ["worker.id": "\(peer.id)"])
            }
        case .take(let count, let fenced):
            let taken = try await session.execute(
                TakeShards(for: worker, from: Array(table.takeable(fenced)), atMost: count))
            let returned = table.took(taken.map(\.shard))
            if !returned.isEmpty { tell.yield(.lost(returned)) }
        case .giveBack(let shards):
            tell.yield(.release(shards))
        }
    }

    // MARK: The session

    private func openSession() async throws(PostgresError) -> PostgresConnection {
        if let session, await session.isOpen { return session }
        let session = try await PostgresConnection.connect(configuration, on: reactor)
        self.session = session
        if !hasJoined {
            _ = try await session.execute(JoinWorkers(id: worker, name: name))
            hasJoined = true
        }
        return session
    }

    /// Ends the session, and with it the lock on the name: this worker works no more.
    func closeSession() async {
        await session?.close()
        session = nil
        holdsName = false
    }
}
