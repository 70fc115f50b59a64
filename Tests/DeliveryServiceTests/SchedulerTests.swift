import Testing
import Webhooks

@testable import DeliveryService

@Suite struct SchedulerTests {
    @Test func tenantsTakeTurnsWhateverTheirNumberOfLanes() {
        var scheduler = Scheduler()
        let (flood, quiet) = (Tenant.ID(), Tenant.ID())
        let many = (0..<5).map { _ in Webhook.ID() }
        let one = Webhook.ID()
        for webhook in many { scheduler.add(webhook, of: flood) }
        scheduler.add(one, of: quiet)
        #expect(scheduler.next() == many[0])
        #expect(scheduler.next() == one)
        scheduler.add(one, of: quiet)
        #expect(scheduler.next() == many[1])
        #expect(scheduler.next() == one)
        #expect(scheduler.next() == many[2])
    }

    @Test func aLaneIsQueuedOnce() {
        var scheduler = Scheduler()
        let (tenant, webhook) = (Tenant.ID(), Webhook.ID())
        scheduler.add(webhook, of: tenant)
        scheduler.add(webhook, of: tenant)
        #expect(scheduler.next() == webhook)
        #expect(scheduler.next() == nil)
        #expect(scheduler.isEmpty)
    }
}

@Suite struct WakeCursorTests {
    @Test func aLateCommitIsFoundOnceAndOnlyOnce() {
        var cursor = WakeCursor(horizon: 10)
        #expect(cursor.newest == 9)
        cursor.saw([10, 12])
        #expect(cursor.newest == 12)
        #expect(cursor.late(among: [10, 11, 12], horizon: 11) == [11])
        #expect(cursor.late(among: [11, 12], horizon: 13) == [])
        #expect(cursor.horizon == 13)
    }

    @Test func theHorizonNeverMovesBack() {
        var cursor = WakeCursor(horizon: 10)
        _ = cursor.late(among: [], horizon: 20)
        _ = cursor.late(among: [], horizon: 15)
        #expect(cursor.horizon == 20)
    }
}
