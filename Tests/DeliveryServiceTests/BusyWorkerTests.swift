import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// What a busy worker, or an odd row, must not keep from happening.
@Suite struct BusyWorkerTests {
    @Test func aProbeWithoutAnEventDoesNotLeaveTheBreakerWaiting() {
        let start = Instant(microseconds: 1_700_000_000_000_000)
        let limits = PaceLimits()
        var pace = LanePace()
        for _ in 0..<10 { pace.note(.timeout, at: start, startedAt: start, took: .zero, limits: limits) }
        let later = start + .seconds(6)
        pace.start(at: later, limits: limits)
        #expect(!pace.mayStart(at: later, inFlight: 0, limits: limits))
        pace.cancelStart(at: later, limits: limits)  // settled without a request
        #expect(pace.mayStart(at: later, inFlight: 0, limits: limits))
    }

    @Test func whoeverFillsTheWindowsEverybodyGetsOn() {
        #expect(LaneRoom.room(width: 16, count: 0, total: LaneRoom.total) == 1)
        #expect(LaneRoom.room(width: 16, count: 1, total: LaneRoom.total) <= 0)
        #expect(LaneRoom.room(width: 256, count: 0, total: 0) == 256)
        #expect(LaneRoom.room(width: 256, count: 0, total: LaneRoom.total - 100) == 16)
    }

    @Test func aChangeThatCameWhileItsTenantWasLoadedIsReadAgain() {
        var directory = SubscriberDirectory()
        let webhook = Webhook(
            id: Webhook.ID(), tenantID: Tenant.ID(), shard: Shard(1)!,
            configuration: WebhookConfiguration(name: "w", url: "http://127.0.0.1/", events: ["*"]),
            disabledReason: nil, version: 1, createdAt: .now, updatedAt: .now)
        directory.beginLoading()
        let isKnown = directory.changed(webhook.tenantID)
        #expect(!isKnown, "nobody knows yet that it will be held")
        directory.loaded(webhook, as: .held)
        directory.endLoading()
        let changed = directory.takeChanged().map(\.tenant)
        #expect(changed == [webhook.tenantID])
    }
}
