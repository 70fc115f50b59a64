import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

@Suite struct SchedulerTests {
    /// Serves turns one after another, each taking what `cost` says; returns who was served.
    private func serve(
        _ count: Int, _ scheduler: inout Scheduler, of tenants: [Webhook.ID: Tenant.ID],
        cost: (Webhook.ID) -> Duration
    ) -> [Webhook.ID] {
        var served: [Webhook.ID] = []
        for _ in 0..<count {
            guard let turn = scheduler.next() else { break }
            scheduler.started(turn)
            scheduler.ended(turn, took: cost(turn.webhook))
            served.append(turn.webhook)
            scheduler.add(turn.webhook, of: tenants[turn.webhook]!, isSlow: false)
        }
        return served
    }

    @Test func tenantsTakeTurnsWhateverTheirNumberOfLanes() {
        var scheduler = Scheduler(slots: 8)
        let (flood, quiet) = (Tenant.ID(), Tenant.ID())
        let many = (0..<5).map { _ in Webhook.ID() }
        let one = Webhook.ID()
        let tenants = Dictionary(uniqueKeysWithValues: many.map { ($0, flood) } + [(one, quiet)])
        for (webhook, tenant) in tenants { scheduler.add(webhook, of: tenant, isSlow: false) }
        let served = serve(100, &scheduler, of: tenants) { _ in .milliseconds(2) }
        #expect(served.count { $0 == one } == 50)
        #expect(many.allSatisfy { webhook in served.count { $0 == webhook } == 10 }, "and its lanes among themselves")
    }

    @Test func connectionTimeIsShared() {
        var scheduler = Scheduler(slots: 8)
        let (slow, quick) = (Webhook.ID(), Webhook.ID())
        let tenants = [slow: Tenant.ID(), quick: Tenant.ID()]
        for (webhook, tenant) in tenants { scheduler.add(webhook, of: tenant, isSlow: false) }
        let served = serve(1010, &scheduler, of: tenants) { $0 == slow ? .milliseconds(100) : .milliseconds(1) }
        let times = served.count { $0 == slow }
        #expect((8...12).contains(times), "\(times) of a hundred times the cost")
    }

    @Test func whoWasAwaySavesNothingUp() {
        var scheduler = Scheduler(slots: 8)
        let (busy, late) = (Webhook.ID(), Webhook.ID())
        let tenants = [busy: Tenant.ID(), late: Tenant.ID()]
        scheduler.add(busy, of: tenants[busy]!, isSlow: false)
        _ = serve(1000, &scheduler, of: tenants) { _ in .milliseconds(2) }
        scheduler.add(late, of: tenants[late]!, isSlow: false)
        let served = serve(20, &scheduler, of: tenants) { _ in .milliseconds(2) }
        #expect((9...11).contains(served.count { $0 == late }))
    }

    @Test func aTenantHasHalfOfTheSlotsWhileOthersWaitAndAllWhenAlone() {
        var scheduler = Scheduler(slots: 8)
        let (flood, other) = (Tenant.ID(), Tenant.ID())
        let lanes = (0..<20).map { _ in Webhook.ID() }
        for lane in lanes { scheduler.add(lane, of: flood, isSlow: false) }
        let few = (0..<6).map { _ in Webhook.ID() }
        for lane in few { scheduler.add(lane, of: other, isSlow: false) }
        var turns: [Scheduler.Turn] = []
        while let turn = scheduler.next() {
            scheduler.started(turn)
            turns.append(turn)
        }
        #expect(turns.count == 8)
        #expect(turns.count { $0.tenant == flood } == 4)
        for turn in turns { scheduler.ended(turn, took: .milliseconds(1)) }
        while let turn = scheduler.next() {
            scheduler.started(turn)
            turns.append(turn)
        }
        #expect(turns.suffix(8).count { $0.tenant == flood } == 6, "two were left of the other")
    }

    @Test func slowLanesHaveAQuarterOfTheSlots() {
        var scheduler = Scheduler(slots: 16)
        let tenants = (0..<10).map { _ in Tenant.ID() }
        for tenant in tenants { for _ in 0..<5 { scheduler.add(Webhook.ID(), of: tenant, isSlow: true) } }
        for tenant in tenants { for _ in 0..<5 { scheduler.add(Webhook.ID(), of: tenant, isSlow: false) } }
        var turns: [Scheduler.Turn] = []
        while let turn = scheduler.next() {
            scheduler.started(turn)
            turns.append(turn)
        }
        #expect(turns.count == 16)
        #expect(turns.count(where: \.isSlow) == 4)
    }

    @Test func aLaneIsQueuedOnce() {
        var scheduler = Scheduler(slots: 8)
        let (tenant, webhook) = (Tenant.ID(), Webhook.ID())
        scheduler.add(webhook, of: tenant, isSlow: false)
        scheduler.add(webhook, of: tenant, isSlow: false)
        #expect(scheduler.next()?.webhook == webhook)
        #expect(scheduler.next() == nil)
        #expect(scheduler.isEmpty)
    }

    @Test("Whatever comes and goes, every lane gets its turn", arguments: 0..<20)
    func nobodyIsForgotten(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var scheduler = Scheduler(slots: 6)
        let tenants = (0..<4).map { _ in Tenant.ID() }
        var waiting: [Webhook.ID: Tenant.ID] = [:]
        var running: [Scheduler.Turn] = []
        for _ in 0..<2000 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let (webhook, tenant) = (Webhook.ID(), tenants.randomElement(using: &random)!)
                waiting[webhook] = tenant
                scheduler.add(webhook, of: tenant, isSlow: Bool.random(using: &random))
            case 1:
                guard let turn = scheduler.next() else { break }
                #expect(waiting.removeValue(forKey: turn.webhook) == turn.tenant)
                scheduler.started(turn)
                running.append(turn)
            default:
                guard let turn = running.popLast() else { break }
                scheduler.ended(turn, took: .microseconds(Int.random(in: 1...9_000_000, using: &random)))
                scheduler.forgetIdle()
            }
            #expect(scheduler.inFlight == running.count && running.count <= 6)
        }
        for _ in 0..<10_000 where !waiting.isEmpty {
            while let turn = running.popLast() { scheduler.ended(turn, took: .milliseconds(1)) }
            while let turn = scheduler.next() {
                waiting[turn.webhook] = nil
                scheduler.started(turn)
                running.append(turn)
            }
        }
        #expect(waiting.isEmpty)
    }

    @Test func aRoundGivesEachPartyItsTurn() {
        var line = RoundRobin<String, Int>()
        for item in [1, 2, 3, 2] { line.add(item, of: "a") }
        let isNew = line.add(9, of: "b")
        let isRepeated = line.add(9, of: "b")
        #expect(isNew && !isRepeated && line.count == 4)
        let first = [line.next(), line.next()]
        line.add(1, of: "a")
        let rest = [line.next(), line.next(), line.next(), line.next()]
        #expect(first == [1, 9] && rest == [2, 3, 1, nil] && line.isEmpty)
    }
}
