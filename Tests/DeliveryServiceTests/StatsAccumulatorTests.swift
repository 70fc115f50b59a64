import Store
import Testing
import Webhooks

@testable import DeliveryService

@Suite struct StatsAccumulatorTests {
    private func settled(_ webhook: UInt128, shard: Int16 = 1) -> SettledDelivery {
        let delivery = Delivery(
            id: Delivery.ID(), shard: Shard(shard)!, tenantID: Tenant.ID(ULID(1)), webhookID: Webhook.ID(ULID(webhook)),
            eventID: Event.ID(), dueAt: .now)
        return Verdict.withoutRequest(delivery, .discarded, detail: nil, at: Instant(microseconds: 61_000_000))
    }

    @Test func webhooksAreSummedApartAndInOrder() {
        var stats = StatsAccumulator()
        let now = ContinuousClock.now
        let batch = [settled(3), settled(2), settled(3)]
        let rows = stats.due(with: batch, at: now)
        #expect(rows.map(\.webhookID.ulid.value) == [2, 3])
        #expect(rows.map(\.counts.discarded) == [1, 2])
        stats.recorded(batch, minutes: rows, lost: [], at: now)
        #expect(stats.isEmpty)
    }

    @Test func withinASecondTheyWait() {
        var stats = StatsAccumulator()
        let now = ContinuousClock.now
        stats.recorded([], minutes: stats.due(with: [settled(1)], at: now), lost: [], at: now)
        let batch = [settled(1), settled(2, shard: 2)]
        #expect(stats.due(with: batch, at: now + .milliseconds(500)).isEmpty)
        stats.recorded(batch, minutes: [], lost: [Shard(2)!], at: now + .milliseconds(500))
        #expect(stats.due(with: [], at: now + .seconds(1)).map(\.webhookID.ulid.value) == [1])
        #expect(stats.take(of: [Shard(1)!]).count == 1)
        #expect(stats.isEmpty)
    }
}
