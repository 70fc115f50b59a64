import Store
import Webhooks

/// What a worker makes of the tables of workers and leases: which peers are dead, how many shards are its fair share,
/// which it must give back.
///
/// Only the observer's own boot-time clock counts: a peer is dead when its beat has not changed while this worker's own
/// beats succeeded for ``patience``. After an outage of the database nobody is dead: nobody's beats were observed.
struct LeaseTable {
    /// How long a peer's beat may stand still: eight own beats, less what their answers may be early or late.
    static let patience = Duration.milliseconds(7500)
    /// A longer gap between two own beats is no observation of anybody.
    static let longestGap = Duration.seconds(3)

    /// Shards that are let go of at one time.
    static let surplusABeat = 4

    struct Peer: Sendable {
        let id: Worker.ID
        let beat: Int64
        /// It gives everything back: its share is for the others.
        var isLeaving = false
    }

    struct Lease: Sendable {
        let shard: Shard
        let owner: Worker.ID?
    }

    enum Action: Equatable {
        /// End these workers' sessions and mark them, each only if its beat is still the one given.
        case fence([DeadPeer])
        /// Take at most so many shards that are free or belong to one of these, who are fenced.
        case take(atMost: Int, from: Set<Worker.ID>)
        /// Let go of these shards, each in its own time.
        case giveBack([Shard])
    }

    struct DeadPeer: Equatable, Sendable {
        let id: Worker.ID
        let beat: Int64
    }

    private struct Sighting {
        var beat: Int64
        var unchangedFor: Duration
    }

    let me: Worker.ID
    private let patience: Duration
    /// As the leases said last.
    private(set) var owned: Set<Shard> = []
    /// Shards that the dispatcher was told of as this worker's.
    private(set) var announced: Set<Shard> = []
    /// Peers that were thought dead in this beat and live.
    private var survivors: Set<Worker.ID> = []
    private var sightings: [Worker.ID: Sighting] = [:]
    private var lastObservation: ContinuousClock.Instant?

    init(me: Worker.ID, patience: Duration = LeaseTable.patience) {
        self.me = me
        self.patience = patience
    }

    /// A beat of mine has succeeded and this is what the tables said.
    /// - Parameter predecessors: earlier workers of this worker's name whose process is known to be gone.
    mutating func observe(
        peers: [Peer], leases: [Lease], predecessors: Set<Worker.ID> = [], at now: ContinuousClock.Instant
    ) -> [Action] {
        survivors.removeAll()
        let dead = watch(peers, predecessors: predecessors, at: now)
        owned = Set(leases.lazy.filter { [me] in $0.owner == me }.map(\.shard))
        let gone = Set(dead.map(\.id))
        let present = Set(peers.map(\.id))
        let staying = Set(peers.lazy.filter { !$0.isLeaving }.map(\.id))
        let living = staying.subtracting(gone).union([me]).count
        let share = (Shard.count + living - 1) / living
        let fenced = gone.union(leases.compactMap(\.owner).filter { !present.contains($0) }).subtracting([me])
        let free = leases.count { $0.owner.map(fenced.contains) ?? true }
        var actions: [Action] = dead.isEmpty ? [] : [.fence(dead)]
        if free > 0, owned.count < share {
            actions.append(.take(atMost: share - owned.count, from: fenced))
        } else if owned.count > share {
            actions.append(.giveBack(Array(owned.sorted().suffix(min(Self.surplusABeat, owned.count - share)))))
        }
        return actions
    }

    /// A peer's beat has moved since it was seen: it was not fenced, and keeps its leases.
    mutating func survived(_ peer: Worker.ID) {
        survivors.insert(peer)
        sightings[peer] = nil
    }

    /// Of those named by ``Action/take(atMost:from:)``, the ones whose leases may be taken now.
    func takeable(_ workers: Set<Worker.ID>) -> Set<Worker.ID> { workers.subtracting(survivors) }

    /// These leases were taken after what was observed.
    /// - Returns: those that are announced: they had gone back since, and must be called lost before they are announced
    ///   again.
    mutating func took(_ shards: [Shard]) -> [Shard] {
        owned.formUnion(shards)
        let returned = announced.intersection(shards)
        announced.subtract(returned)
        return returned.sorted()
    }

    // MARK: What the dispatcher knows

    /// Announced shards that are another worker's by now; they are announced no more.
    mutating func takeLost() -> [Shard] {
        let lost = announced.subtracting(owned)
        announced.subtract(lost)
        return lost.sorted()
    }

    /// Shards that are mine and were not announced yet.
    var fresh: [Shard] { owned.subtracting(announced).sorted() }

    mutating func announce(_ shards: [Shard]) { announced.formUnion(shards) }

    /// A beat of mine failed: what peers did meanwhile was not seen.
    mutating func missedBeat() { lastObservation = nil }

    private mutating func watch(
        _ peers: [Peer], predecessors: Set<Worker.ID>, at now: ContinuousClock.Instant
    ) -> [DeadPeer] {
        let gap = lastObservation.map { now - $0 }
        lastObservation = now
        let observed = gap.flatMap { $0 <= Self.longestGap ? $0 : nil } ?? .zero
        var dead: [DeadPeer] = []
        for peer in peers where peer.id != me {
            var sighting = sightings[peer.id] ?? Sighting(beat: peer.beat, unchangedFor: .zero)
            sighting.unchangedFor = sighting.beat == peer.beat ? sighting.unchangedFor + observed : .zero
            sighting.beat = peer.beat
            sightings[peer.id] = sighting
            if sighting.unchangedFor >= patience || predecessors.contains(peer.id) {
                dead.append(DeadPeer(id: peer.id, beat: peer.beat))
            }
        }
        let present = Set(peers.map(\.id))
        sightings = sightings.filter { present.contains($0.key) }
        return dead
    }
}
