import Testing
import Webhooks

@testable import DeliveryService

@Suite struct FlushQueueTests {
    func settled(shard: Int16 = 1, webhook: UInt128 = 1, id: UInt128) -> SettledDelivery {
        let delivery = Delivery(
            id: Delivery.ID(ULID(id)), shard: Shard(shard)!, tenantID: Tenant.ID(ULID(1)),
            webhookID: Webhook.ID(ULID(webhook)), eventID: Event.ID(ULID(1)), dueAt: Instant(microseconds: 5))
        return Verdict.withoutRequest(delivery, .discarded, detail: nil, at: .now)
    }

    @Test func theFirstStartsTheClockAndAFullBatchGoesAtOnce() {
        var queue = FlushQueue()
        #expect(queue.append(settled(id: 1)) == .startClock)
        for id in 2..<500 { #expect(queue.append(settled(id: UInt128(id))) == .none) }
        #expect(queue.append(settled(id: 500)) == .goNow)
        #expect(queue.append(settled(id: 501)) == .none)
        #expect(queue.nextBatch().count == 500)
        #expect(queue.hasWaiting)
        #expect(queue.nextBatch().count == 1)
    }

    @Test func aBatchIsInTheOrderOfTheKeys() {
        var queue = FlushQueue()
        for (shard, webhook, id) in [(2, 1, 1), (1, 9, 2), (1, 3, 4), (1, 3, 3)] as [(Int16, UInt128, UInt128)] {
            _ = queue.append(settled(shard: shard, webhook: webhook, id: id))
        }
        #expect(queue.nextBatch().map(\.delivery.id.ulid.value) == [3, 4, 2, 1])
    }

    @Test func aShardIsIdleWhileOthersAreWritten() {
        var queue = FlushQueue()
        _ = queue.append(settled(shard: 1, id: 1))
        let batch = queue.nextBatch()
        queue.began(Flush(settled: batch))
        #expect(queue.contains(Shard(1)!) && !queue.contains(Shard(2)!))
        queue.acknowledged(batch)
        #expect(!queue.contains(Shard(1)!))
    }

    @Test func whatIsUnderWayCountsUntilItIsAcknowledged() {
        var queue = FlushQueue()
        for id in 0..<2000 { _ = queue.append(settled(id: UInt128(id))) }
        #expect(!queue.hasRoom)
        let batch = queue.nextBatch()
        #expect(!queue.hasRoom)
        queue.acknowledged(batch)
        #expect(queue.hasRoom)
        #expect(queue.count == 1500)
    }

    @Test func shardsOfAnotherOwnerAreForgotten() {
        var queue = FlushQueue()
        _ = queue.append(settled(shard: 1, id: 1))
        _ = queue.append(settled(shard: 2, id: 2))
        queue.drop([Shard(1)!])
        #expect(!queue.contains(Shard(1)!))
        #expect(queue.contains(Shard(2)!))
    }
}
