import Store
import Testing
import Webhooks

@testable import DeliveryService

@Suite struct LeaseTableTests {
    let me = Worker.ID()
    let other = Worker.ID()
    let start = ContinuousClock.now

    func leases(_ owner: (Int) -> Worker.ID?) -> [LeaseTable.Lease] {
        Shard.all.map { LeaseTable.Lease(shard: $0, owner: owner(Int($0.number))) }
    }

    func peers(_ beat: Int64, of other: Worker.ID) -> [LeaseTable.Peer] {
        [.init(id: me, beat: 1), .init(id: other, beat: beat)]
    }

    @Test func aloneItTakesEverything() {
        var table = LeaseTable(me: me)
        let actions = table.observe(peers: [.init(id: me, beat: 1)], leases: leases { _ in nil }, at: start)
        #expect(actions == [.take(atMost: 64, from: [])])
    }

    @Test func ofTwoEachTakesHalf() {
        var table = LeaseTable(me: me)
        let actions = table.observe(peers: peers(1, of: other), leases: leases { _ in nil }, at: start)
        #expect(actions == [.take(atMost: 32, from: [])])
    }

    @Test func surplusGoesBackAFewAtATime() {
        var table = LeaseTable(me: me)
        let actions = table.observe(peers: peers(1, of: other), leases: leases { _ in me }, at: start)
        #expect(actions == [.giveBack(Array(Shard.all.suffix(4)))])
        #expect(table.owned.count == 64)
    }

    @Test func aPeerWhoseBeatStandsStillIsDeadAfterEightSeconds() {
        var table = LeaseTable(me: me)
        let held = leases { $0 < 32 ? me : other }
        for second in 0..<8 {
            #expect(table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(second)) == [])
        }
        let actions = table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(8))
        #expect(actions == [.fence([.init(id: other, beat: 7)]), .take(atMost: 32, from: [other])])
    }

    @Test func aBeatThatMovesIsAlive() {
        var table = LeaseTable(me: me)
        let held = leases { $0 < 32 ? me : other }
        for second in 0..<40 {
            let beat = Int64(second / 7)
            #expect(table.observe(peers: peers(beat, of: other), leases: held, at: start + .seconds(second)) == [])
        }
    }

    @Test func anOutageOfTheDatabaseKillsNobody() {
        var table = LeaseTable(me: me)
        let held = leases { $0 < 32 ? me : other }
        for second in 0..<5 {
            _ = table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(second))
        }
        table.missedBeat()
        #expect(table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(60)) == [])
        #expect(table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(61)) == [])
    }

    @Test func aGapCountsForNothingEvenUnannounced() {
        var table = LeaseTable(me: me)
        let held = leases { $0 < 32 ? me : other }
        _ = table.observe(peers: peers(7, of: other), leases: held, at: start)
        #expect(table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(600)) == [])
    }

    @Test func aPredecessorOfTheSameNameIsFencedAtOnce() {
        var table = LeaseTable(me: me)
        let actions = table.observe(
            peers: peers(7, of: other), leases: leases { _ in other }, predecessors: [other], at: start)
        #expect(actions == [.fence([.init(id: other, beat: 7)]), .take(atMost: 64, from: [other])])
    }

    @Test func shardsOfAWorkerFencedByAnotherAreFree() {
        var table = LeaseTable(me: me)
        let actions = table.observe(peers: [.init(id: me, beat: 1)], leases: leases { _ in other }, at: start)
        #expect(actions == [.take(atMost: 64, from: [other])])
    }

    @Test func theShareOfAWorkerThatLeavesIsForTheOthers() {
        var table = LeaseTable(me: me)
        let leaving = LeaseTable.Peer(id: other, beat: 1, isLeaving: true)
        let actions = table.observe(
            peers: [.init(id: me, beat: 1), leaving], leases: leases { $0 < 32 ? me : $0 < 40 ? nil : other }, at: start
        )
        #expect(actions == [.take(atMost: 32, from: [])])
    }

    @Test func aPeerThatLivesAfterAllKeepsItsLeases() {
        var table = LeaseTable(me: me)
        let held = leases { $0 < 32 ? me : other }
        for second in 0...8 {
            _ = table.observe(peers: peers(7, of: other), leases: held, at: start + .seconds(second))
        }
        #expect(table.takeable([other]) == [other])
        table.survived(other)
        #expect(table.takeable([other]).isEmpty)
        #expect(table.observe(peers: peers(8, of: other), leases: held, at: start + .seconds(9)) == [])
    }

    @Test func shardsAreAnnouncedOnceAndCalledLostOnce() {
        var table = LeaseTable(me: me)
        _ = table.observe(peers: [.init(id: me, beat: 1)], leases: leases { $0 < 2 ? me : nil }, at: start)
        #expect(table.fresh == Array(Shard.all[..<2]) && table.takeLost().isEmpty)
        table.announce(table.fresh)
        #expect(table.fresh.isEmpty)
        _ = table.observe(peers: [.init(id: me, beat: 2)], leases: leases { $0 < 1 ? me : nil }, at: start)
        #expect(table.takeLost() == [Shard.all[1]] && table.takeLost().isEmpty)
    }

    @Test func aShardThatWentBackAndWasTakenInOneBeatIsLostFirst() {
        var table = LeaseTable(me: me)
        _ = table.observe(peers: [.init(id: me, beat: 1)], leases: leases { $0 < 2 ? me : nil }, at: start)
        table.announce(table.fresh)
        #expect(table.took([Shard.all[1], Shard.all[5]]) == [Shard.all[1]])
        #expect(table.fresh == [Shard.all[1], Shard.all[5]] && table.takeLost().isEmpty)
    }
}
