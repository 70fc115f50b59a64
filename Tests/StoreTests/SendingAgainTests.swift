import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite("Retries by hand, and cancellations")
struct SendingAgainTests {
    private func wakes(_ world: World) async throws -> [Wake] {
        try await world.delivery.execute(FindWakesSince(transaction: 0, shards: Shard.all))
    }

    @Test("A retry is a delivery of its own, due now, with its wake")
    func retry() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let first = try await world.owe(1, to: webhook.id)[0]
            let before = try await wakes(world).count
            let retry = RetryDelivery(event: first.eventID, to: webhook.id, of: world.tenant.id, orderKey: 7)
            #expect(try await world.asTenant(retry) == [retry.id])
            let pending = try await world.pending(of: webhook.id)
            #expect(pending.map(\.id) == [first.id, retry.id])
            let made = try #require(pending.last)
            #expect(made.trigger == .retry && made.attempts == 0 && made.orderKey == 7 && made.notBefore == nil)
            #expect(made.eventID == first.eventID && made.tenantID == world.tenant.id)
            let after = try await wakes(world)
            #expect(after.count == before + 1)
            #expect(after.last?.webhooks == [webhook.id] && after.last?.shards == [world.shard])
            #expect(after.last?.dueAt == made.dueAt && after.last?.removes == false)
        }
    }

    @Test("Nothing is owed to a deleted webhook, nor by a stranger")
    func refusedRetry() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let retry = RetryDelivery(event: Event.ID(), to: webhook.id, of: world.tenant.id, orderKey: nil)
            #expect(try await world.asStranger(retry).isEmpty)
            _ = try await world.asTenant(DeleteWebhook(id: webhook.id, tenant: world.tenant.id))
            let before = try await wakes(world).count
            #expect(try await world.asTenant(retry).isEmpty)
            #expect(try await wakes(world).count == before)
            #expect(try await world.pending(of: webhook.id).isEmpty)
        }
    }

    @Test("A cancellation wakes the owner, who must read anew; one of nothing does not")
    func cancel() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let rows = try await world.owe(2, to: webhook.id)
            let cancel = CancelDelivery(id: rows[0].id, shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asStranger(cancel).isEmpty)
            let before = try await wakes(world).count
            #expect(try await world.asTenant(cancel) == [rows[0].id])
            #expect(try await world.asTenant(cancel).isEmpty)
            #expect(try await world.pending(of: webhook.id).map(\.id) == [rows[1].id])
            let after = try await wakes(world)
            #expect(after.count == before + 1)
            #expect(after.last?.removes == true && after.last?.webhooks == [webhook.id])
            let last = try #require(after.last)
            let again = FindWakes(transactions: [last.transaction], shards: [world.shard])
            #expect(try await world.delivery.execute(again) == [last])
        }
    }
}
