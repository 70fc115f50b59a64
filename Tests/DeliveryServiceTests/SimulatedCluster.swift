import Store
import Webhooks

@testable import DeliveryService

/// What can be wrong on purpose, so that the test shows that it can fail.
enum Flaw: CaseIterable {
    /// Requests start whatever the permit says.
    case sendsWithoutPermit
    /// A flush commits whoever owns its shards.
    case flushesWithoutFence
    /// Leases are taken from whoever was thought dead a moment ago.
    case takesFromTheLiving
    /// A lease goes back while requests of its shard still start.
    case givesBackWhileSending
    /// A worker is dead when its beat stood still for three seconds.
    case isImpatient
}

/// The tables of workers and leases as PostgreSQL keeps them, and whether it answers.
struct SimulatedDatabase {
    var isUp = true
    private(set) var beats: [Worker.ID: Int64] = [:]
    private(set) var fenced: Set<Worker.ID> = []
    private(set) var leaving: Set<Worker.ID> = []
    var owners: [Worker.ID?] = Array(repeating: nil, count: Shard.count)
    /// Of the leases: each grows when its lease is taken.
    private(set) var epochs: [Int] = Array(repeating: 0, count: Shard.count)
    /// Grows when a worker's sessions are ended.
    private(set) var sessions: [Worker.ID: Int] = [:]

    struct Reading {
        let peers: [LeaseTable.Peer]
        let leases: [LeaseTable.Lease]
    }

    mutating func join(_ worker: Worker.ID) { beats[worker] = 0 }
    mutating func endSessions(of worker: Worker.ID) { sessions[worker, default: 0] += 1 }
    mutating func endAllSessions() { for worker in beats.keys { endSessions(of: worker) } }
    mutating func leave(_ worker: Worker.ID) { beats[worker] = nil }
    mutating func isLeaving(_ worker: Worker.ID) { leaving.insert(worker) }

    /// Nil: fenced.
    mutating func beat(_ worker: Worker.ID) -> Reading? {
        guard let beat = beats[worker], !fenced.contains(worker) else { return nil }
        beats[worker] = beat + 1
        let peers = beats.filter { !fenced.contains($0.key) }
        return Reading(
            peers: peers.map { .init(id: $0.key, beat: $0.value, isLeaving: leaving.contains($0.key)) },
            leases: Shard.all.map { .init(shard: $0, owner: owners[Int($0.number)]) })
    }

    mutating func markDead(_ peer: LeaseTable.DeadPeer) -> Bool {
        guard beats[peer.id] == peer.beat || fenced.contains(peer.id) else { return false }
        fenced.insert(peer.id)
        return true
    }

    mutating func take(for worker: Worker.ID, from dead: Set<Worker.ID>, atMost count: Int) -> [Shard] {
        let free = Shard.all.filter { shard in owners[Int(shard.number)].map(dead.contains) ?? true }.prefix(count)
        for shard in free {
            owners[Int(shard.number)] = worker
            epochs[Int(shard.number)] += 1
        }
        return Array(free)
    }

    mutating func give(_ shard: Shard, epoch: Int, by worker: Worker.ID) {
        let number = Int(shard.number)
        if owners[number] == worker, epochs[number] == epoch { owners[number] = nil }
    }

    func owns(_ worker: Worker.ID, _ shard: Shard) -> Bool { owners[Int(shard.number)] == worker }
}

/// One worker: its decisions are those of the service, its clock and its sessions are the simulation's.
final class SimulatedWorker: CustomStringConvertible {
    let id = Worker.ID()
    /// A process of the same name that is known to be gone.
    let predecessor: Worker.ID?
    var table: LeaseTable
    var term = PermitTerm()
    /// Shards whose requests it starts.
    var sending: Set<Shard> = []
    /// Being let go of.
    var releasing: Set<Shard> = []
    var isDead = false
    var isLeaving = false
    var hasSaidLeaving = false
    /// Its last beat failed.
    var isAway = false
    /// Stopped by a signal: what comes waits.
    var isPaused = false
    var waiting: [() -> Void] = []
    var description: String { id.description }

    init(after predecessor: Worker.ID?, flaw: Flaw?) {
        self.predecessor = predecessor
        table = LeaseTable(me: id, patience: flaw == .isImpatient ? .seconds(3) : LeaseTable.patience)
    }
}

/// Time, and what happens when.
struct Agenda {
    private var entries: [(at: Int, number: Int, action: () -> Void)] = []
    private var number = 0
    /// Milliseconds.
    private(set) var now = 0

    mutating func add(after delay: Int, _ action: @escaping () -> Void) {
        number += 1
        let entry = (at: now + delay, number: number, action: action)
        let place = entries.firstIndex { ($0.at, $0.number) < (entry.at, entry.number) } ?? entries.endIndex
        entries.insert(entry, at: place)  // the last one is next
    }

    mutating func next(until end: Int) -> (() -> Void)? {
        guard let last = entries.last, last.at <= end else { return nil }
        entries.removeLast()
        now = last.at
        return last.action
    }
}

/// Since when each shard has had no worker that sends for it.
struct ServiceWatch {
    /// No shard may be without one for longer, counted from the last disturbance; the first beat that gets through
    /// after an outage is one. Milliseconds.
    private static let patience = 10_000

    private var servedAt = Array(repeating: 0, count: Shard.count)

    /// What is wrong, when a shard has been left alone for too long.
    mutating func gap(at now: Int, served: [Set<Shard>], disturbedAt: Int) -> String? {
        for shard in served.joined() { servedAt[Int(shard.number)] = now }
        for (number, servedAt) in servedAt.enumerated() where now - max(servedAt, disturbedAt) > Self.patience {
            return "shard \(number) had no worker from \(max(servedAt, disturbedAt)) to \(now) ms"
        }
        return nil
    }
}
