import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite struct WakeTests {
    @Test("A wake names the lanes of its batch, for those who own their shards")
    func lanes() async throws {
        try await withWorld { world in
            let webhooks = [try await world.makeWebhook(), try await world.makeWebhook()]
            let before = try await world.delivery.execute(FindWakesSince(transaction: 0, shards: Shard.all))
            #expect(before.map(\.tenants) == [[world.tenant.id], [world.tenant.id]])
            let newest = try #require(before.last?.transaction)
            let events = [world.row(), world.row()]
            let rows = webhooks.flatMap { webhook in events.map { world.delivery(of: $0, to: webhook.id) } }
            _ = try await world.ingester.transact(InsertEvents(events), InsertDeliveries(rows), InsertWake(of: rows))
            let wakes = try await world.delivery.execute(FindWakesSince(transaction: newest, shards: [world.shard]))
            let wake = try #require(wakes.first)
            #expect(wakes.count == 1 && wake.webhooks == webhooks.map(\.id) && wake.tenants.isEmpty)
            #expect(wake.shards == [world.shard, world.shard])
            #expect(try await world.pending(of: webhooks[0].id).first?.dueAt == wake.dueAt)
            let others = Shard.all.filter { $0 != world.shard }
            #expect(try await world.delivery.execute(FindWakesSince(transaction: newest, shards: others)).isEmpty)
            let again = FindWakes(transactions: [wake.transaction], shards: [world.shard])
            #expect(try await world.delivery.execute(again) == wakes)
            let notMine = FindWakes(transactions: [wake.transaction], shards: others)
            #expect(try await world.delivery.execute(notMine).isEmpty)
            #expect(try await world.delivery.execute(FindWakes(transactions: [], shards: Shard.all)).isEmpty)
        }
    }

    @Test("Ids that another server gave, before a dump of it was restored here, hold nothing up")
    func foreignTransactions() async throws {
        try await withWorld { world in
            let session = try await world.database.connect()
            let foreign = "(pg_current_xact_id()::text::numeric + 1000000)::text::xid8"
            try await session.run(script: "INSERT INTO wakes (xid, shard_mask) VALUES (\(foreign), -1)")
            await session.close()
            let lane = InsertWake.Lane(shard: world.shard, webhook: Webhook.ID())
            _ = try await world.ingester.execute(InsertWake(lanes: [lane]))
            let wakes = try await world.delivery.execute(FindWakesSince(transaction: 0, shards: [world.shard]))
            let newest = try #require(wakes.last)
            #expect(newest.webhooks == [lane.webhook])
            _ = try await world.ingester.execute(InsertWake(lanes: [lane]))
            let next = FindWakesSince(transaction: newest.transaction, shards: [world.shard])
            #expect(try await world.delivery.execute(next).map(\.webhooks) == [[lane.webhook]])
        }
    }

    @Test("The last shard has a bit too")
    func mask() async throws {
        try await withWorld { world in
            let lane = InsertWake.Lane(shard: Shard.all[63], webhook: Webhook.ID())
            _ = try await world.ingester.execute(InsertWake(lanes: [lane, lane]))
            let wakes = try await world.delivery.execute(FindWakesSince(transaction: 0, shards: [Shard.all[63]]))
            #expect(wakes.map(\.webhooks) == [[lane.webhook]])
            #expect(try await world.delivery.execute(FindWakesSince(transaction: 0, shards: [Shard.all[62]])).isEmpty)
        }
    }

    @Test("A transaction that commits late is found by its id, and nothing is found twice")
    func lateCommit() async throws {
        try await withWorld { world in
            func look(_ last: WakeSnapshot?, _ newest: UInt64) async throws -> FindLateWakes.Row {
                try #require(try await world.delivery.execute(FindLateWakes(since: last, newest: newest)).first)
            }
            let lane = InsertWake.Lane(shard: world.shard, webhook: Webhook.ID())
            let start = try await look(nil, 0)
            #expect(start.transactions.isEmpty)
            let slow = try await world.database.connect()
            try await slow.run(script: "BEGIN; INSERT INTO wakes (shard_mask) VALUES (8)")
            _ = try await world.ingester.execute(InsertWake(lanes: [lane]))
            let seen = try await world.delivery.execute(
                FindWakesSince(transaction: start.snapshot.next - 1, shards: [world.shard]))
            let newest = try #require(seen.last?.transaction)
            let during = try await look(start.snapshot, newest)
            #expect(during.transactions == [newest])
            let open = try #require(during.snapshot.open.first { $0 < newest }, "the slow one")
            // Nothing has changed but what others did, and the slow one is still open.
            _ = try await world.ingester.execute(InsertWake(lanes: [lane]))
            let unchanged = try await look(during.snapshot, newest)
            #expect(unchanged.transactions.isEmpty)
            #expect(unchanged.snapshot.open.contains(open))
            try await slow.run(script: "COMMIT")
            await slow.close()
            let after = try await look(unchanged.snapshot, newest)
            #expect(after.transactions == [open])
            #expect(try await look(after.snapshot, newest).transactions.isEmpty)
            let late = FindWakes(transactions: after.transactions, shards: [world.shard])
            #expect(try await world.delivery.execute(late).count == 1)
        }
    }

    @Test("Old wakes go, young ones stay")
    func purge() async throws {
        try await withWorld { world in
            try await world.database.run(
                "INSERT INTO wakes (shard_mask, due_at) VALUES (1, now() - interval '61 s'), (2, now())")
            let isPurged = try await eventually {
                _ = try await world.delivery.execute(PurgeWakes(limit: 100))
                return try await world.delivery.execute(FindWakesSince(transaction: 0, shards: Shard.all)).count < 2
            }
            #expect(isPurged)
            #expect(try await world.delivery.execute(FindWakesSince(transaction: 0, shards: [Shard.all[1]])).count == 1)
        }
    }

    @Test("A notification reaches whoever listens")
    func notify() async throws {
        try await withWorld { world in
            let notifications = try await world.delivery.listen(to: NotifyWakes.channel)
            _ = try await world.ingester.execute(NotifyWakes())
            for try await _ in notifications { break }
        }
    }
}
