import Postgres
import Store
import Testing
import Webhooks

@Suite struct LaneTests {
    @Test("Lanes are read strictly past their cursors, each to its own limit")
    func next() async throws {
        try await withWorld { world in
            let (one, two) = (try await world.makeWebhook(), try await world.makeWebhook())
            let first = try await world.owe(5, to: one.id)
            let second = try await world.owe(3, to: two.id)
            let lanes = [world.lane(two.id, room: 2), world.lane(Webhook.ID()), world.lane(one.id, room: 9)]
            let rows = try await world.delivery.execute(FindNextDeliveries(lanes: lanes, until: .now + .seconds(60)))
            #expect(rows.map(\.lane) == [0, 0, 2, 2, 2, 2, 2])
            #expect(rows.map(\.delivery.id) == second.prefix(2).map(\.id) + first.map(\.id))
            let last = try #require(rows.first { $0.lane == 2 }).delivery
            #expect(last.webhookID == one.id && last.shard == world.shard && last.tenantID == world.tenant.id)
            #expect(last.attempts == 0 && last.trigger == .event && last.orderKey == nil && last.notBefore == nil)
            let cursor = LaneCursor(shard: world.shard, webhook: one.id, dueAt: last.dueAt, id: last.id, room: 9)
            let rest = try await world.delivery.execute(FindNextDeliveries(lanes: [cursor], until: .distantFuture))
            #expect(rest.map(\.delivery.id) == first.dropFirst().map(\.id))
            let none = try await world.delivery.execute(FindNextDeliveries(lanes: lanes, until: .distantPast))
            #expect(none.isEmpty)
        }
    }

    @Test("An ordered lane is read past blocked keys, and a key from its head")
    func ordered() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook { $0.ordering = .resource }
            let blocked = try await world.owe(2, to: webhook.id, orderKey: -77)
            let free = try await world.owe(2, to: webhook.id, orderKey: 5)
            let rows = try await world.delivery.execute(
                FindOrderedDeliveries(lane: world.lane(webhook.id), until: .distantFuture, blocked: [-77]))
            #expect(rows.map(\.id) == free.map(\.id))
            let all = try await world.delivery.execute(
                FindOrderedDeliveries(lane: world.lane(webhook.id), until: .distantFuture, blocked: []))
            #expect(all.map(\.id) == (blocked + free).map(\.id))
            #expect(all.first?.orderKey == -77)
            let unordered = try await world.owe(1, to: webhook.id)
            let mixed = try await world.delivery.execute(
                FindOrderedDeliveries(lane: world.lane(webhook.id), until: .distantFuture, blocked: [-77, 5]))
            #expect(mixed.map(\.id) == unordered.map(\.id), "accepted before the webhook was ordered")
        }
    }

    @Test("Each lane has one head")
    func heads() async throws {
        try await withWorld { world in
            let webhooks = [try await world.makeWebhook(), try await world.makeWebhook()]
            var firsts: [Delivery.ID] = []
            for webhook in webhooks { firsts.append(try await world.owe(3, to: webhook.id)[0].id) }
            let heads = try await world.delivery.execute(FindLaneHeads(shards: Shard.all))
            #expect(heads.map(\.webhookID) == webhooks.map(\.id))
            #expect(heads.map(\.deliveryID) == firsts)
            #expect(
                try await world.delivery.execute(FindLaneHeads(shards: [Shard(4), Shard(63)].compactMap { $0 })).isEmpty
            )
        }
    }

    @Test("A lane whose webhook is gone is emptied some rows at a time")
    func cancel() async throws {
        try await withWorld { world in
            let webhook = Webhook.ID()
            let rows = try await world.owe(5, to: webhook)
            let cancel = CancelLane(shard: world.shard, webhook: webhook, limit: 3)
            #expect(try await world.delivery.execute(cancel).count == 3)
            #expect(try await world.pending(of: webhook).map(\.id) == rows.suffix(2).map(\.id))
            #expect(try await world.delivery.execute(cancel).count == 2)
            #expect(try await world.delivery.execute(cancel).isEmpty)
        }
    }

    @Test("What a lane must remember is kept, changed, and forgotten")
    func states() async throws {
        try await withWorld { world in
            let (one, two) = (Webhook.ID(), Webhook.ID())
            let until = Instant(microseconds: 1_800_000_000_000_001)
            var states = [
                LaneState(shard: world.shard, webhookID: one, pausedUntil: until),
                LaneState(shard: world.shard, webhookID: two, breaker: 1, consecutiveFailures: 9, failingSince: until),
            ]
            _ = try await world.delivery.execute(SaveLaneStates(states))
            let find = FindLaneStates(shards: [world.shard])
            #expect(try await world.delivery.execute(find) == states)
            states[0].pausedUntil = nil
            states[1].consecutiveFailures = 10
            #expect(states[0].isBlank && !states[1].isBlank)
            _ = try await world.delivery.execute(SaveLaneStates(states))
            #expect(try await world.delivery.execute(find) == [states[1]])
            #expect(try await world.delivery.execute(FindLaneStates(shards: [])).isEmpty)
        }
    }

    @Test("What a lane had to remember goes with its webhook")
    func purge() async throws {
        try await withWorld { world in
            let (kept, gone) = (try await world.makeWebhook(), try await world.makeWebhook())
            _ = try await world.delivery.execute(
                SaveLaneStates(
                    [kept.id, gone.id, Webhook.ID()].sorted().map {
                        LaneState(shard: world.shard, webhookID: $0, breaker: 1)
                    }))
            _ = try await world.asTenant(DeleteWebhook(id: gone.id, tenant: world.tenant.id))
            let find = FindLaneStates(shards: [world.shard])
            _ = try await world.delivery.execute(
                PurgeLaneStates(shards: Shard.all.filter { $0 != world.shard }, limit: 9))
            #expect(try await world.delivery.execute(find).count == 3)
            _ = try await world.delivery.execute(PurgeLaneStates(shards: [world.shard], limit: 9))
            #expect(try await world.delivery.execute(find).map(\.webhookID) == [kept.id])
        }
    }
}
