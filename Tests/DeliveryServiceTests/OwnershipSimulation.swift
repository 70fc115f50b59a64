import Store
import TestSupport
import Webhooks

@testable import DeliveryService

/// One schedule: workers come, are stopped and resumed, killed, restarted and sent home, the database goes away and
/// comes back, answers are slow or lost, all at random.
final class OwnershipSimulation {
    private static let start = ContinuousClock.now
    /// Milliseconds with disturbances, and after the last one.
    private static let troubled = 40_000, quiet = 14_000

    private var random: SeededRandom
    private let flaw: Flaw?
    private var agenda = Agenda()
    private var database = SimulatedDatabase()
    private var workers: [SimulatedWorker] = []
    private var disturbedAt = 0
    private var service = ServiceWatch()
    private(set) var violation: String?
    /// What happened, for whoever looks for the cause.
    private(set) var story: [String] = []
    private(set) var sends = 0
    private(set) var settles = 0
    private(set) var takeOvers = 0

    init(seed: UInt64, flaw: Flaw? = nil) {
        random = SeededRandom(seed: seed)
        self.flaw = flaw
    }

    func run() {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            after(0...3000) { self.begin(after: nil) }
        }
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            after(3000...Self.troubled) { self.disturb() }
        }
        agenda.add(after: 500) { self.watch() }
        while violation == nil, let action = agenda.next(until: Self.troubled + Self.quiet) { action() }
    }

    private var now: ContinuousClock.Instant { Self.start + .milliseconds(agenda.now) }
    private var living: [SimulatedWorker] { workers.filter { !$0.isDead } }
    private func after(_ delay: ClosedRange<Int>, _ action: @escaping () -> Void) {
        agenda.add(after: Int.random(in: delay, using: &random), action)
    }
    private func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    // MARK: Disturbances

    private func note(_ what: String) { story.append("\(agenda.now) ms: \(what)") }

    private func disturb() {
        disturbedAt = agenda.now
        let worker = living.randomElement(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1, 2: if let worker { pause(worker) }
        case 3, 4: if let worker { kill(worker, isRestarted: chance(70)) }
        case 5, 6: endDatabase()
        case 7: if let worker, living.count > 1 { leave(worker) }
        default: begin(after: nil)
        }
    }

    private func pause(_ worker: SimulatedWorker) {
        worker.isPaused = true
        note("\(worker) is stopped")
        after(300...25_000) {
            self.disturbedAt = self.agenda.now
            worker.isPaused = false
            self.note("\(worker) goes on")
            let waiting = worker.waiting
            worker.waiting = []
            for action in waiting where !worker.isDead { action() }
        }
    }

    private func kill(_ worker: SimulatedWorker, isRestarted: Bool) {
        worker.isDead = true
        note("\(worker) is killed")
        database.endSessions(of: worker.id)
        if isRestarted || living.isEmpty { after(100...12_000) { self.begin(after: worker.id) } }
    }

    private func leave(_ worker: SimulatedWorker) {
        worker.isLeaving = true
        note("\(worker) is sent home")
    }

    private func endDatabase() {
        guard database.isUp else { return }
        database.isUp = false
        database.endAllSessions()
        note("the database is away")
        after(300...20_000) {
            self.database.isUp = true
            self.note("the database is back")
            self.disturbedAt = self.agenda.now
        }
    }

    private func begin(after predecessor: Worker.ID?) {
        disturbedAt = agenda.now
        let worker = SimulatedWorker(after: predecessor, flaw: flaw)
        database.join(worker.id)
        workers.append(worker)
        note("\(worker) begins" + (predecessor == nil ? "" : ", restarted"))
        beat(worker)
        send(worker)
        flush(worker)
    }

    // MARK: A worker

    /// Its next step, which waits while it is stopped, and never comes when it is dead.
    private func step(_ worker: SimulatedWorker, after delay: ClosedRange<Int>, _ action: @escaping () -> Void) {
        after(delay) {
            if worker.isDead { return }
            if worker.isPaused { worker.waiting.append(action) } else { action() }
        }
    }

    /// A statement on the way to the database, and its answer on the way back; nil: lost.
    private func ask<Reply>(
        _ worker: SimulatedWorker, _ statement: @escaping () -> Reply, _ answer: @escaping (Reply?) -> Void
    ) {
        let session = database.sessions[worker.id, default: 0]
        let latency = chance(5) ? 40...120 : 1...15
        after(latency) {
            guard self.database.isUp, session == self.database.sessions[worker.id, default: 0] else {
                return self.step(worker, after: 0...2000) { answer(nil) }
            }
            let reply = statement()
            self.step(worker, after: latency) {
                answer(session == self.database.sessions[worker.id, default: 0] ? reply : nil)
            }
        }
    }

    private func beat(_ worker: SimulatedWorker) {
        let sent = agenda.now
        ask(worker, { self.database.beat(worker.id) }) { reply in
            guard let answered = reply else { return self.missed(worker, sent) }
            guard let reading = answered else {
                worker.term.revoke()
                worker.isDead = true
                return self.begin(after: nil)
            }
            if worker.isAway { self.disturbedAt = self.agenda.now }
            worker.isAway = false
            worker.term.renew(sent: Self.start + .milliseconds(sent))
            let actions = worker.table.observe(
                peers: reading.peers, leases: reading.leases, predecessors: Set([worker.predecessor].compactMap { $0 }),
                at: self.now)
            worker.sending.subtract(worker.table.takeLost())
            self.perform(worker.isLeaving ? [] : actions[...], worker, sent)
        }
    }

    private func missed(_ worker: SimulatedWorker, _ began: Int) {
        worker.table.missedBeat()
        worker.isAway = true
        rest(worker, began)
    }

    private func rest(_ worker: SimulatedWorker, _ began: Int) {
        let pause = max(50, 1000 - (agenda.now - began))
        step(worker, after: pause...pause) { self.beat(worker) }
    }

    private func perform(_ actions: ArraySlice<LeaseTable.Action>, _ worker: SimulatedWorker, _ began: Int) {
        guard let action = actions.first else { return finish(worker, began) }
        let rest = actions.dropFirst()
        switch action {
        case .fence(let dead): fence(dead[...], worker, began) { self.perform(rest, worker, began) }
        case .take(let count, let fenced):
            let from = flaw == .takesFromTheLiving ? fenced : worker.table.takeable(fenced)
            ask(worker, { self.database.take(for: worker.id, from: from, atMost: count) }) { taken in
                guard let taken else { return self.missed(worker, began) }
                self.takeOvers += taken.count
                self.note("\(worker) has taken \(taken.count) of \(count)")
                let returned = worker.table.took(taken)
                worker.sending.subtract(returned)
                worker.releasing.subtract(returned)
                self.perform(rest, worker, began)
            }
        case .giveBack(let shards):
            note("\(worker) gives \(shards.count) back")
            release(worker, shards)
            perform(rest, worker, began)
        }
    }

    private func fence(
        _ dead: ArraySlice<LeaseTable.DeadPeer>, _ worker: SimulatedWorker, _ began: Int, _ done: @escaping () -> Void
    ) {
        guard let peer = dead.first else { return done() }
        ask(worker, { self.database.endSessions(of: peer.id) }) { ended in
            guard ended != nil else { return self.missed(worker, began) }
            self.ask(worker, { self.database.markDead(peer) }) { isFenced in
                guard let isFenced else { return self.missed(worker, began) }
                self.note("\(worker) \(isFenced ? "has fenced" : "could not fence") \(peer.id)")
                if !isFenced { worker.table.survived(peer.id) }
                self.fence(dead.dropFirst(), worker, began, done)
            }
        }
    }

    private func finish(_ worker: SimulatedWorker, _ began: Int) {
        if worker.isLeaving, !worker.hasSaidLeaving {
            release(worker, Shard.all)
            return ask(worker, { self.database.isLeaving(worker.id) }) { said in
                guard said != nil else { return self.missed(worker, began) }
                worker.hasSaidLeaving = true
                self.end(worker)
                self.finish(worker, began)
            }
        }
        let fresh = worker.table.fresh
        guard !fresh.isEmpty else { return rest(worker, began) }
        ask(worker, { true }) { counted in  // the counters of their open minutes
            guard counted != nil else { return self.missed(worker, began) }
            worker.table.announce(fresh)
            worker.sending.formUnion(fresh)
            self.rest(worker, began)
        }
    }

    // MARK: Its work

    /// Lets go of shards as they fall idle: nothing new is sent for them meanwhile.
    private func release(_ worker: SimulatedWorker, _ shards: [Shard]) {
        let mine = worker.sending.intersection(shards).subtracting(worker.releasing)
        worker.releasing.formUnion(mine)
        if flaw != .givesBackWhileSending { worker.sending.subtract(mine) }
        for shard in mine.sorted() {
            step(worker, after: 0...5000) { self.give(worker, shard, epoch: self.database.epochs[Int(shard.number)]) }
        }
    }

    private func give(_ worker: SimulatedWorker, _ shard: Shard, epoch: Int) {
        ask(worker, { self.database.give(shard, epoch: epoch, by: worker.id) }) { given in
            guard given != nil else { return self.give(worker, shard, epoch: epoch) }
            worker.releasing.remove(shard)
            self.end(worker)
        }
    }

    /// It was sent home, and has given back what it had then; others take what came later.
    private func end(_ worker: SimulatedWorker) {
        guard worker.hasSaidLeaving, worker.releasing.isEmpty else { return }
        worker.term.revoke()
        ask(worker, { self.database.leave(worker.id) }) { _ in worker.isDead = true }
    }

    private func send(_ worker: SimulatedWorker) {
        if worker.term.isValid(at: now) || flaw == .sendsWithoutPermit {
            sends += worker.sending.count
            if let shard = worker.sending.first(where: { !database.owns(worker.id, $0) }) {
                violation = "a request of shard \(shard.number) started after \(agenda.now) ms without its lease"
            }
        }
        step(worker, after: 20...400) { self.send(worker) }
    }

    /// Outcomes are on the way to the table for a while; the fence is asked in the instant of their commit.
    private func flush(_ worker: SimulatedWorker) {
        let shards = Array(worker.sending.union(worker.releasing).prefix(8))
        let written = chance(10) ? 10...6000 : 1...30
        step(worker, after: written) {
            let isMine = shards.allSatisfy { self.database.owns(worker.id, $0) }
            if self.database.isUp, !shards.isEmpty, isMine || self.flaw == .flushesWithoutFence {
                self.settles += 1
                if !isMine { self.violation = "a worker settled a shard of another after \(self.agenda.now) ms" }
            }
            self.step(worker, after: 50...600) { self.flush(worker) }
        }
    }

    // MARK: What must hold

    private func watch() {
        let isWatched = database.isUp && living.contains { !$0.isPaused && !$0.isLeaving }
        if !isWatched { disturbedAt = agenda.now }
        let served = living.filter { !$0.isPaused && $0.term.isValid(at: now) }.map(\.sending)
        if let gap = service.gap(at: agenda.now, served: served, disturbedAt: disturbedAt) { violation = gap }
        agenda.add(after: 500) { self.watch() }
    }
}
