import Epoll
import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

@Suite struct RetentionTests {
    private final class Written: Sendable {
        let count = Mutex(0)
        let isDone = Mutex(false)
    }

    @Test(
        "What goes when",
        arguments: [
            (Partition.Table.invocations, 30, false), (.invocations, 31, true), (.events, 31, false),
            (.events, 32, true),
            (.eventKeys, 2, false), (.eventKeys, 3, true), (.deliveryStats, 30, false), (.deliveryStats, 31, true),
        ])
    func rules(table: Partition.Table, age: Int, isOld: Bool) {
        let row = FindPartitions.Row(partition: Partition(table, .now), age: age)
        #expect(RetentionRules(days: 30, statsDays: 400).isOld(row) == isOld)
    }

    @Test func historyGoesBeforeTheEventsThatItIsPackedWith() {
        let days = [40, 35].map { OldDays.noon($0) }
        let rows = [Partition.Table.events, .invocations].flatMap { table in
            days.reversed().map { FindPartitions.Row(partition: Partition(table, $0), age: 50) }
        }
        #expect(
            RetentionRules(days: 30, statsDays: 400).old(rows) == [
                Partition(.invocations, days[0]), Partition(.invocations, days[1]), Partition(.events, days[0]),
                Partition(.events, days[1]),
            ])
    }

    @Test func theLastFiftySurviveWithTheirPayloads() async throws {
        try await OldDays.run { days in
            for age in [40, 39] { try await days.makeDay(age) }
            try await days.accept(30, age: 40)
            try await days.accept(20, age: 39)
            try await days.accept(10, age: 0)
            let before = try await days.listed()
            #expect(before.count == 60)
            try await days.pass()
            for table in Partition.Table.allCases { #expect(try await days.partitions(table) == [], "\(table)") }
            let after = try await days.listed()
            #expect(after == Array(before.prefix(50)))
            #expect(after.allSatisfy { $0.request?.payload.isEmpty == false })
            #expect(try await days.listed(limit: 5).count == 5)
            try await days.pass()
            #expect(try await days.listed() == after)
            // What is newer pushes them out once a day goes again.
            try await days.makeDay(38)
            try await days.accept(1, age: 38)
            try await days.accept(45, age: 0)
            try await days.pass()
            #expect(try await days.listed().count == 55)
            #expect(try await days.count("SELECT count(*) FROM invocations_kept") == 0)
        }
    }

    @Test func whatIsCopiedAndStillThereIsNoReasonToLetOlderOnesGo() async throws {
        try await OldDays.run { days in
            try await days.makeDay(41)
            try await days.accept(20, age: 41)
            try await days.pass()
            for age in [40, 39] { try await days.makeDay(age) }
            try await days.accept(20, age: 39)
            try await days.accept(10, age: 0)
            let before = try await days.listed()
            #expect(before.count == 50)
            let day = String(OldDays.noon(39).rfc3339.prefix(10).filter { $0 != "-" })
            let reader = try await days.database.connect()
            try await reader.run(
                script: "SET idle_in_transaction_session_timeout = 0; BEGIN; TABLE invocations_\(day) LIMIT 1")
            let held = await #expect(throws: Retention.HeldBack.self) { try await days.pass() }
            #expect(held?.tables == [.invocations])
            #expect(try await days.partitions(.invocations) == [39])
            #expect(try await days.listed() == before)
            try await reader.run(script: "COMMIT")
            await reader.close()
            try await days.pass()
            #expect(try await days.listed() == before)
        }
    }

    @Test func whatIsSentAgainLateStaysReadableWithoutItsEvent() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            try await days.accept(3, age: 40, sentAge: 0)
            let before = try await days.listed()
            try await days.pass()
            #expect(try await days.partitions(.events) == [])
            #expect(try await days.listed() == before)
            #expect(before.allSatisfy { $0.request != nil })
        }
    }

    @Test func eventsThatAreOwedStay() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            let event = try #require(try await days.accept(2, age: 40).first)
            _ = try await days.owner.execute(
                InsertDeliveries([
                    DeliveryRow(
                        shard: days.tenant.shard, webhookID: days.webhook, id: Delivery.ID(), tenantID: days.tenant.id,
                        eventID: event, orderKey: nil, key: nil)
                ]))
            let held = await #expect(throws: Retention.HeldBack.self) { try await days.pass() }
            #expect(held?.tables == [.events])
            #expect(try await days.partitions(.events) == [40])
            #expect(try await days.partitions(.invocations) == [])
            try await days.database.run("DELETE FROM martlet.deliveries")
            try await days.pass()
            #expect(try await days.partitions(.events) == [])
        }
    }

    @Test func aKeeperThatDiesInTheMiddleIsRepeated() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            try await days.accept(60, age: 40)
            let before = try await days.listed()
            let reader = try await days.database.connect()
            try await reader.run(
                script: "SET idle_in_transaction_session_timeout = 0; BEGIN; TABLE invocations LIMIT 1")
            let dying = try days.keeper()
            let first = Task { try await days.pass(on: dying) }
            try await days.wait { try await days.count("SELECT count(*) FROM invocations_kept") == 50 }
            #expect(try await days.listed() == before, "what is copied and still there is listed once")
            await dying.close()  // its sessions are gone, and with them whatever it was about to do
            await #expect(throws: PostgresError.self) { try await first.value }
            #expect(try await days.partitions(.invocations) == [40])
            try await reader.run(script: "COMMIT")
            await reader.close()
            try await days.pass()
            #expect(try await days.listed() == Array(before.prefix(50)))
        }
    }

    @Test func writersAreNeverRefused() async throws {
        try await OldDays.run { days in
            for age in 35...40 {
                try await days.makeDay(age)
                try await days.accept(200, age: age)
            }
            let configuration = try PostgresConfiguration(
                url: days.database.ownerURL, applicationName: "martlet-test-writer", maximumSessions: 2,
                sessionSettings: PostgresConfiguration.standardSettings.merging(["lock_timeout": "1s"]) { $1 })
            let writer = PostgresPool(configuration, on: TestDatabase.reactor, logger: OldDays.silence)
            let written = Written()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        while !written.isDone.withLock({ $0 }), !Task.isCancelled {
                            try await days.accept(5, age: 0, on: writer)
                            written.count.withLock { $0 += 5 }
                        }
                    }
                }
                // A report that reads for long: days stay until it ends, and nobody waits behind it.
                let reader = try await days.database.connect()
                try await reader.run(
                    script: "SET idle_in_transaction_session_timeout = 0; BEGIN; TABLE invocations LIMIT 1")
                let pass = Task { try await days.pass() }
                let drops = """
                    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                       AND application_name = 'martlet-metrics-upkeep' AND query LIKE '%drop_partition%'
                    """
                try await days.wait { try await days.count(drops) > 0 }
                let before = written.count.withLock { $0 }
                try await days.wait { written.count.withLock { $0 } > before + 50 }
                #expect(try await days.partitions(.invocations).contains(40))
                try await reader.run(script: "COMMIT")
                await reader.close()
                do { try await pass.value } catch is Retention.HeldBack { try await days.pass() }
                for table in Partition.Table.allCases { #expect(try await days.partitions(table) == [], "\(table)") }
                written.isDone.withLock { $0 = true }
                try await group.waitForAll()  // a writer that was refused would throw here
            }
            await writer.close()
            let count = written.count.withLock { $0 }
            #expect(try await days.count("SELECT count(*) FROM invocations") == count)
        }
    }

    @Test func aDayOfThePastThatNobodyMadeGoesToo() async throws {
        try await OldDays.run { days in
            try await days.accept(60, age: 40)
            try await days.accept(3, age: 5)
            #expect(try await days.count("SELECT count(*) FROM invocations_default") == 63)
            try await days.pass()
            #expect(try await days.count("SELECT count(*) FROM invocations_default") == 0)
            #expect(try await days.partitions(.invocations) == [5])
            #expect(try await days.listed().count == 50)
        }
    }

    @Test func oneProcessAtATime() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            let other = try await days.database.connect(as: .metrics)
            #expect(try await other.execute(TryLockUpkeep()) == [true])
            try await days.pass()
            #expect(try await days.partitions(.events) == [40])
            await other.close()
            try await days.wait {
                try await days.pass()
                return try await days.partitions(.events) == []
            }
        }
    }

    @Test func rememberedCancellationsGoWithTheirDays() async throws {
        try await OldDays.run { days in
            try await days.database.run(
                """
                INSERT INTO martlet.cancelled_deliveries (cancelled_at, tenant_id, event_id, id, webhook_id, shard)
                SELECT now() - d * interval '1 day', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                       gen_random_uuid(), 1 FROM generate_series(20, 40, 10) d
                """)
            try await days.pass()
            #expect(try await days.count("SELECT count(*) FROM cancelled_deliveries") == 1)
        }
    }

    @Test func nobodyDropsWhatIsYoung() async throws {
        try await OldDays.run { days in
            let today = Partition(.events, OldDays.noon(1))
            await #expect(throws: PostgresError.self) { try await days.upkeep.execute(DropPartition(today)) }
        }
    }
}
