import Store
import Webhooks

/// What a worker makes of the tables of workers and leases: which peers are dead, how many shards are its fair share,
/// which it must give back.
///
/// Only the observer's own boot-time clock counts: a peer is dead when its beat has not changed while this worker's own
/// beats succeeded for ``patience``. After an outage of the database nobody is dead: nobody's beats were observed.
struct LeaseTable {
    /// How long a peer's beat may stand still.
    static let patience = Duration.seconds(8)
    /// A longer gap between two own beats is no observation of anybody.
    static let longestGap = Duration.seconds(3)

    /// Shards that are let go of at one time.
    static let surplusABeat = 4

    struct Peer: Sendable {
        let id: Worker.ID
        let beat: Int64
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
    private(set) var owned: Set<Shard> = []
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
        let dead = watch(peers, predecessors: predecessors, at: now)
        owned = Set(leases.lazy.filter { [me] in $0.owner == me }.map(\.shard))
        let gone = Set(dead.map(\.id))
        let present = Set(peers.map(\.id))
        let living = present.subtracting(gone).union([me]).count
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

    /// These leases were taken after what was observed.
    mutating func took(_ shards: [Shard]) { owned.formUnion(shards) }

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
