import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@Suite struct PartitionTests {
    private struct CountDefaults: Statement {
        static let sql = """
            SELECT (SELECT count(*) FROM events_default) + (SELECT count(*) FROM event_keys_default)
                 + (SELECT count(*) FROM invocations_default) + (SELECT count(*) FROM delivery_stats_default)
            """
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
    }

    @Test("A row of a day that nobody made is kept, and moves when the day is made")
    func stray() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let later = Instant.now + .seconds(9 * 86_400)
            let event = world.row(Event.ID(ULID(milliseconds: later.milliseconds, random: 1)))
            let delivery = world.delivery(of: event, to: webhook.id)
            let invocation = Invocation.sample(
                of: delivery, id: Invocation.ID(ULID(milliseconds: later.milliseconds, random: 2)), at: later)
            var stats = DeliveryStatsRow(
                shard: world.shard, webhookID: webhook.id, tenantID: world.tenant.id, minute: later.startOfMinute)
            stats.count(invocation)
            let key = EventKeyRow(
                shard: world.shard, tenantID: world.tenant.id, key: Fingerprint(1), eventID: event.id,
                body: Fingerprint(2), deliveries: 1)
            _ = try await world.ingester.transact(InsertEvents([event]), InsertEventKeys([key], at: later))
            _ = try await world.delivery.transact(InsertInvocations([invocation]), AddDeliveryStats([stats]))
            #expect(try await world.owner.execute(CountDefaults()) == [4])
            #expect(try await world.ingester.execute(EnsurePartitions(daysAhead: 7)) == [0])
            #expect(try await world.ingester.execute(EnsurePartitions(daysAhead: 9)) == [8])
            #expect(try await world.owner.execute(CountDefaults()) == [0])
            let eventKey = EventKey(shard: world.shard, tenantID: world.tenant.id, id: event.id)
            #expect(try await world.delivery.execute(FindEvents([eventKey])).map(\.id) == [event.id])
            let find = FindInvocation(id: invocation.id, shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asTenant(find).map(\.id) == [invocation.id])
            #expect(try await world.metrics.execute(SumDeliveryStats(since: later.startOfMinute)).first?.succeeded == 1)
        }
    }

    @Test(
        "Every service may make partitions, several at once, and nobody else's tables", arguments: ServiceRole.allCases)
    func concurrent(role: ServiceRole) async throws {
        try await withPool(as: role) { pool, _ in
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...3 {
                    group.addTask { try await Self.ensure(on: pool) }
                }
                return try await group.reduce(0, +)
            }
            #expect(made == 12)
            await #expect(throws: PostgresError.self) { try await pool.execute(MakeOther()) }
        }
    }

    /// Again after a wait for the lock that was too long.
    private static func ensure(on pool: PostgresPool) async throws -> Int {
        while true {
            do { return try await pool.transact(EnsurePartitions(daysAhead: 10)).first ?? 0 } catch {
                guard error.isRetryable else { throw error }
            }
        }
    }

    private struct MakeOther: Statement {
        static let sql = "SELECT ensure_partition('tenants', current_date)"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
    }
}
