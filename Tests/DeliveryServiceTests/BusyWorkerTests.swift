import Store
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

    @Test func changesAreReadFromTheVersionThatWasLoaded() throws {
        var directory = SubscriberDirectory()
        let webhook = Self.webhook
        directory.loaded(webhook, as: .held, tenantVersion: 100_000)
        let isHeld = directory.changed(webhook.tenantID)
        #expect(isHeld)
        let place = try #require(directory.takeChanged(atMost: 9).first)
        #expect(place == .init(endOf: 100_000, tenantID: webhook.tenantID))
        // Another of the tenant, loaded later: what changed between is still to be read.
        directory.loaded(
            Webhook(
                id: Webhook.ID(), tenantID: webhook.tenantID, shard: webhook.shard,
                configuration: webhook.configuration, disabledReason: nil, version: 100_007, createdAt: .now,
                updatedAt: .now), as: .held, tenantVersion: 100_009)
        _ = directory.changed(webhook.tenantID)
        let same = directory.takeChanged(atMost: 9)
        #expect(same == [place])
        let next = FindChangedWebhooks.Place(tenantID: webhook.tenantID, version: 100_009, webhookID: webhook.id)
        directory.isCurrent(upTo: next)
        directory.changedAgain([webhook.tenantID, Tenant.ID()])
        let rest = directory.takeChanged(atMost: 9)
        #expect(rest == [next])
    }

    private static let webhook = Webhook(
        id: Webhook.ID(), tenantID: Tenant.ID(), shard: Shard(1)!,
        configuration: WebhookConfiguration(name: "w", url: "http://127.0.0.1/", events: ["*"]),
        disabledReason: nil, version: 1, createdAt: .now, updatedAt: .now)

    @Test func aChangeThatCameWhileItsTenantWasLoadedIsReadAgain() {
        var directory = SubscriberDirectory()
        let webhook = Self.webhook
        directory.beginLoading()
        let isKnown = directory.changed(webhook.tenantID)
        #expect(!isKnown, "nobody knows yet that it will be held")
        directory.loaded(webhook, as: .held, tenantVersion: 1)
        directory.endLoading()
        let changed = directory.takeChanged(atMost: 9).map(\.tenantID)
        #expect(changed == [webhook.tenantID])
    }
}
