import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

@Suite struct RollUpTests {
    private func buckets(
        _ days: OldDays, _ interval: FindStatsBuckets.Interval
    ) async throws -> [FindStatsBuckets.Row] {
        let (since, until) = (OldDays.noon(60) + .seconds(60), OldDays.noon(-1))
        let all = try await days.owner.execute(
            FindTenantStatsBuckets(
                shard: days.tenant.shard, tenant: days.tenant.id, since: since, until: until, interval: interval))
        let one = try await days.owner.execute(
            FindStatsBuckets(
                shard: days.tenant.shard, tenant: days.tenant.id, webhooks: [days.webhook], since: since, until: until,
                interval: interval))
        #expect(all == one)
        return one
    }

    private func sums(_ days: OldDays) async throws -> [SumStatsOfWebhooks.Row] {
        try await days.owner.execute(
            SumStatsOfWebhooks(
                shard: days.tenant.shard, tenant: days.tenant.id, webhooks: [days.webhook], since: OldDays.noon(60),
                until: OldDays.noon(-1)))
    }

    private func depths(
        _ days: OldDays, _ interval: FindStatsBuckets.Interval
    ) async throws -> [FindQueueDepths.Row] {
        try await days.owner.execute(
            FindQueueDepths(
                shard: days.tenant.shard, tenant: days.tenant.id, since: OldDays.noon(60), until: OldDays.noon(-1),
                interval: interval))
    }

    @Test func hoursAndDaysOutliveTheirMinutes() async throws {
        try await OldDays.run { days in
            for age in [50, 40, 20, 0] {
                try await days.makeDay(age)
                try await days.accept(40 + age, age: age)
            }
            let (hours, wholeDays) = (try await buckets(days, .hour), try await buckets(days, .day))
            #expect(hours.count == 4 && wholeDays.count == 4)
            #expect(hours.first?.counts.durations.filter { $0 > 0 }.count ?? 0 > 3, "percentiles come of these")
            try await days.database.run("UPDATE martlet.delivery_stats SET queue_depth = 7")
            let (sums, depths) = (try await sums(days), try await depths(days, .day))
            #expect(sums.first?.counts.succeeded == 4 * 40 + 50 + 40 + 20 && depths.map(\.depth) == [7, 7, 7, 7])
            for _ in 1...2 {
                try await days.pass()
                #expect(try await self.sums(days) == sums)
                #expect(try await self.depths(days, .day) == depths)
                #expect(try await days.partitions(.deliveryStats) == [20])
                #expect(try await buckets(days, .hour) == hours)
                #expect(try await buckets(days, .day) == wholeDays)
                #expect(try await buckets(days, .minute).count == 2, "minutes are gone with their days")
            }
            // The service counts from the beginning all the same.
            let base = try await days.owner.execute(SumRolledStats(since: .distantPast, until: OldDays.noon(30)))
            #expect(base.first?.succeeded == 90 + 80)
        }
    }

    @Test func whatIsRecordedLateIsRolledUpBeforeItsMinutesGo() async throws {
        try await OldDays.run { days in
            try await days.makeDay(10)
            try await days.accept(5, age: 10)
            let rollUps = RollUps(pool: days.upkeep)
            let until = try await rollUps.pass(at: OldDays.noon(0))
            #expect(until == OldDays.noon(1) + .seconds(43_200))
            try await days.accept(2, age: 10)  // after an outage, say
            #expect(try await rollUps.pass(at: OldDays.noon(0)) == until)
            #expect(try await days.count("SELECT sum(succeeded) AS count FROM daily_stats") == 5)
            let keeper = TableKeeper(
                pool: days.upkeep, rules: RetentionRules(days: 5, statsDays: 400), logger: OldDays.silence)
            try await keeper.pass()
            #expect(try await days.partitions(.deliveryStats) == [])
            #expect(try await days.count("SELECT sum(succeeded) AS count FROM daily_stats") == 7)
            #expect(try await days.count("SELECT sum(succeeded) AS count FROM hourly_stats") == 7)
        }
    }

    @Test func aRollUpThatIsRepeatedChangesNothing() async throws {
        try await OldDays.run { days in
            try await days.makeDay(3)
            try await days.accept(9, age: 3)
            for _ in 1...2 {
                let day = Partition(.deliveryStats, OldDays.noon(3) - .seconds(43_200))
                _ = try await days.upkeep.execute(RollUpStats(day, of: [days.tenant.shard]))
                #expect(try await days.count("SELECT sum(succeeded) AS count FROM daily_stats") == 9)
            }
        }
    }

    @Test func hoursGoInTheirTime() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            try await days.accept(1, age: 40)
            let keeper = TableKeeper(
                pool: days.upkeep, rules: RetentionRules(days: 5, statsDays: 10), logger: OldDays.silence)
            try await keeper.pass()
            #expect(try await days.count("SELECT count(*) FROM hourly_stats") == 0)
            #expect(try await days.count("SELECT count(*) FROM daily_stats") == 0)
        }
    }
}
