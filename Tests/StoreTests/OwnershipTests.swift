import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite struct OwnershipTests {
    @Test("Workers join, beat, share shards, and leave")
    func share() async throws {
        try await withWorld { world in
            let (one, two) = (Worker.ID(), Worker.ID())
            _ = try await world.delivery.execute(JoinWorkers(id: one, name: "one"))
            _ = try await world.delivery.execute(JoinWorkers(id: two, name: "two"))
            #expect(try await world.delivery.execute(Beat(worker: one)).count == 1)
            let peers = try await world.delivery.execute(FindPeers())
            #expect(
                peers.map(\.id) == [one, two] && peers.map(\.beat) == [1, 0] && peers.map(\.name) == ["one", "two"])
            _ = try await world.delivery.execute(MarkWorkerLeaving(worker: two))
            #expect(peers.allSatisfy { !$0.isLeaving })
            #expect(try await world.delivery.execute(FindPeers()).map(\.isLeaving) == [false, true])
            let taken = try await world.delivery.execute(TakeShards(for: one, from: [], atMost: 64))
            #expect(Set(taken.map(\.shard)) == Set(Shard.all) && taken.allSatisfy { $0.epoch == 1 })
            #expect(try await world.delivery.execute(TakeShards(for: two, from: [], atMost: 64)).isEmpty)
            let epochs = try await world.delivery.execute(FindLeases()).prefix(5).map(\.epoch)
            _ = try await world.delivery.execute(GiveShards(Array(Shard.all[..<5]), epochs: epochs, ownedBy: two))
            let old = epochs.map { $0 - 1 }
            _ = try await world.delivery.execute(GiveShards(Array(Shard.all[..<5]), epochs: old, ownedBy: one))
            #expect(try await world.delivery.execute(FindLeases()).prefix(5).allSatisfy { $0.owner == one })
            _ = try await world.delivery.execute(GiveShards(Array(Shard.all[..<5]), epochs: epochs, ownedBy: one))
            #expect(try await world.delivery.execute(TakeShards(for: two, from: [], atMost: 3)).count == 3)
            let leases = try await world.delivery.execute(FindLeases())
            #expect(leases.map(\.shard) == Shard.all)
            #expect(leases.filter { $0.owner == two }.map(\.epoch) == [2, 2, 2])
            #expect(leases.count { $0.owner == nil } == 2)
            _ = try await world.delivery.execute(MarkWorkerGone(worker: two))
            #expect(try await world.delivery.execute(FindPeers()).map(\.id) == [one])
        }
    }

    @Test("A dead worker is marked only while its beat stands still, and then it must stop")
    func death() async throws {
        try await withWorld { world in
            let (dead, heir) = (Worker.ID(), Worker.ID())
            _ = try await world.delivery.execute(JoinWorkers(id: dead, name: "dead"))
            _ = try await world.delivery.execute(TakeShards(for: dead, from: [], atMost: 64))
            _ = try await world.delivery.execute(Beat(worker: dead))
            #expect(try await world.delivery.execute(MarkWorkerDead(worker: dead, beat: 0)).isEmpty)
            #expect(try await world.delivery.execute(MarkWorkerDead(worker: dead, beat: 1)) == [dead])
            #expect(try await world.delivery.execute(MarkWorkerDead(worker: dead, beat: 1)) == [dead])
            #expect(try await world.delivery.execute(Beat(worker: dead)).isEmpty)
            #expect(try await world.delivery.execute(FindPeers()).isEmpty)
            let taken = try await world.delivery.execute(TakeShards(for: heir, from: [dead], atMost: 10))
            #expect(taken.count == 10 && taken.allSatisfy { $0.epoch == 2 })
        }
    }

    @Test("The sessions of a dead worker are ended, and no others")
    func sessions() async throws {
        try await withWorld { world in
            let (dead, living) = (Worker.ID(), Worker.ID())
            var sessions: [PostgresConnection] = []
            for worker in [dead, living] {
                let configuration = try PostgresConfiguration(
                    url: world.database.url(for: .delivery), applicationName: Worker.applicationName(of: worker))
                sessions.append(try await PostgresConnection.connect(configuration, on: world.delivery.reactor))
            }
            #expect(try await world.delivery.execute(EndSessionsOfWorker(worker: dead)) == [true])
            await #expect(throws: PostgresError.self) { try await sessions[0].execute(FindPeers()) }
            _ = try await sessions[1].execute(FindPeers())
            for session in sessions { await session.close() }
        }
    }

    @Test("A worker's name is locked by one session at a time")
    func nameLock() async throws {
        try await withDatabase { database in
            let (one, two) = (try await database.connect(as: .delivery), try await database.connect(as: .delivery))
            #expect(try await one.execute(TryLockWorkerName("node-1")) == [true])
            #expect(try await two.execute(TryLockWorkerName("node-1")) == [false])
            #expect(try await two.execute(TryLockWorkerName("node-2")) == [true])
            await one.close()
            await two.close()
        }
    }
}
