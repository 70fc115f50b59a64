import Foundation
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// Hours and days as they come: nothing is counted twice, left out, or less exact, whatever is broken off.
@Suite struct RollUpProgressTests {
    private static let yesterday = OldDays.noon(1).startOfDay

    /// Counters at random of 128 webhooks in all shards, for the first hours of yesterday.
    private func fill(_ days: OldDays, hours: Int) async throws {
        try await days.database.run(
            """
            INSERT INTO martlet.delivery_stats (shard, webhook_id, minute, tenant_id, succeeded, failed, duration_ms,
                   d0, d7, d15, l3, e2, queue_depth)
            SELECT w % 64, md5('w' || w)::uuid, to_timestamp(\(Self.yesterday.seconds)) + m * interval '1 min',
                   md5('t' || w % 7)::uuid, random() * 100, random() * 9, random() * 1e6, random() * 50,
                   random() * 50, random() * 5, random() * 60, random() * 9, random() * 1e4
              FROM generate_series(1, 128) w, generate_series(0, \(hours * 60 - 1)) m WHERE random() < 0.2
            """)
    }

    /// Rows that roll-ups have and PostgreSQL's own sums of the minutes have not, or the other way round.
    private func differences(_ days: OldDays) async throws -> Int {
        func compare(_ unit: String, _ table: String) -> String {
            """
            SELECT * FROM (
              (SELECT shard, webhook_id, date_trunc('\(unit)', minute, 'UTC'), tenant_id, sum(succeeded), sum(failed),
                      sum(duration_ms), sum(d0), sum(d7), sum(d15), sum(l3), sum(e2), max(queue_depth)
                 FROM martlet.delivery_stats GROUP BY 1, 2, 3, 4
               EXCEPT SELECT shard, webhook_id, minute, tenant_id, succeeded, failed, duration_ms, d0, d7, d15, l3, e2,
                      queue_depth FROM martlet.\(table))
              UNION ALL
              (SELECT shard, webhook_id, minute, tenant_id, succeeded, failed, duration_ms, d0, d7, d15, l3, e2,
                      queue_depth
                 FROM martlet.\(table)
               EXCEPT SELECT shard, webhook_id, date_trunc('\(unit)', minute, 'UTC'), tenant_id, sum(succeeded),
                      sum(failed), sum(duration_ms), sum(d0), sum(d7), sum(d15), sum(l3), sum(e2), max(queue_depth)
                        FROM martlet.delivery_stats GROUP BY 1, 2, 3, 4)) x
            """
        }
        return try await days.count(
            "SELECT count(*) FROM (\(compare("hour", "hourly_stats")) UNION ALL \(compare("day", "daily_stats"))) y")
    }

    private func hoursUntil(_ days: OldDays) async throws -> Instant? {
        try await days.owner.execute(FindHorizons()).first?.hoursUntil
    }

    @Test func hoursAndDaysHaveTheColumnsOfMinutes() async throws {
        try await OldDays.run { days in
            func columns(_ table: String) -> String {
                """
                SELECT attname, atttypid, attnum FROM pg_attribute
                 WHERE attnum > 0 AND NOT attisdropped AND attrelid = 'martlet.\(table)'::regclass
                """
            }
            let minutes = columns("delivery_stats")
            for table in ["hourly_stats", "daily_stats"] {
                let missing = try await days.count(
                    "SELECT count(*) FROM (\(minutes) EXCEPT \(columns(table))) x")
                let others = try await days.count("SELECT count(*) FROM (\(columns(table)) EXCEPT \(minutes)) x")
                #expect(missing == 0 && others == 0, "\(table)")
            }
        }
    }

    @Test func anHourIsRolledUpTenMinutesAfterItsEndAndItsDayWithIt() async throws {
        try await OldDays.run { days in
            try await fill(days, hours: 5)
            let rollUps = RollUps(pool: days.upkeep)
            let end = Self.yesterday + .seconds(5 * 3600)
            _ = try await rollUps.pass(at: end + .seconds(599))
            #expect(try await hoursUntil(days) == end - .seconds(3600))
            #expect(try await differences(days) > 0, "the last hour is still open")
            #expect(try await rollUps.pass(at: end + .seconds(600)) == .distantPast, "its day is not over")
            #expect(try await hoursUntil(days) == end)
            #expect(try await differences(days) == 0)
            let until = try await rollUps.pass(at: Self.yesterday + .seconds(86_400 + 3600))
            #expect(until == Self.yesterday + .seconds(86_400))
            #expect(try await hoursUntil(days) == until)
            #expect(try await differences(days) == 0)
        }
    }

    @Test func whatIsKilledInTheMiddleOfAnHourIsRepeatedToTheSameRows() async throws {
        try await OldDays.run { days in
            try await fill(days, hours: 3)
            let second = Self.yesterday + .seconds(2 * 3600)
            _ = try await RollUps(pool: days.upkeep).pass(at: second + .seconds(600))
            let before = try await days.count("SELECT count(*) FROM martlet.hourly_stats")
            // A row of the third slice of shards is held: the third hour is in for some shards when it is killed.
            let holder = try await days.database.connect()
            try await holder.run(
                script: """
                    SET idle_in_transaction_session_timeout = 0; BEGIN;
                    SELECT FROM daily_stats WHERE shard = 40 FOR UPDATE
                    """)
            let dying = try days.keeper()
            let pass = Task { try await RollUps(pool: dying).pass(at: second + .seconds(4200)) }
            let waits = """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                   AND application_name = 'martlet-metrics-upkeep'
                """
            try await days.wait { try await days.count(waits) == 1 }
            try await days.database.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'martlet-metrics-upkeep'
                   AND wait_event_type = 'Lock'
                """)
            await #expect(throws: PostgresError.self) { try await pass.value }
            await dying.close()
            #expect(try await days.count("SELECT count(*) FROM martlet.hourly_stats") > before)
            #expect(try await hoursUntil(days) == second)
            #expect(try await differences(days) > 0)
            try await holder.run(script: "COMMIT")
            await holder.close()
            for _ in 1...2 {
                _ = try await RollUps(pool: days.upkeep).pass(at: second + .seconds(4200))
                #expect(try await differences(days) == 0)
            }
        }
    }

    @Test func minutesThatComeAfterTheirDayHasGoneChangeNothing() async throws {
        try await OldDays.run { days in
            try await days.makeDay(40)
            try await days.accept(9, age: 40)
            try await days.pass()
            try await days.accept(1, age: 40)
            try await days.pass()
            #expect(try await days.count("SELECT sum(succeeded) AS count FROM martlet.daily_stats") == 9)
            #expect(try await days.count("SELECT count(*) FROM martlet.delivery_stats") == 0)
        }
    }

    @Test func percentilesLieInTheBucketsOfTheExactOnesWhenMinutesAreGone() async throws {
        try await OldDays.run { days in
            try await days.makeDay(10)
            let start = OldDays.noon(10).startOfDay
            var random = SeededRandom(seed: 20_260_101)
            var rows: [Instant: DeliveryStatsRow] = [:]
            var exact: [Int32] = []
            for _ in 0..<5000 {  // evenly over 1 ms to 60 s by orders of magnitude, as response times are
                let milliseconds = Int32(pow(10, Double.random(in: 0...4.77, using: &random)))
                let minute = start + .seconds(60 * Int64.random(in: 0..<1440, using: &random))
                var row =
                    rows[minute]
                    ?? DeliveryStatsRow(
                        shard: days.tenant.shard, webhookID: days.webhook, tenantID: days.tenant.id, minute: minute)
                row.counts.succeeded += 1
                row.counts.durations[LatencyBuckets.index(milliseconds: milliseconds)] += 1
                rows[minute] = row
                exact.append(milliseconds)
            }
            _ = try await days.owner.execute(AddDeliveryStats(rows.values.sorted { $0.minute < $1.minute }))
            let keeper = TableKeeper(
                pool: days.upkeep, rules: RetentionRules(days: 5, statsDays: 400), logger: OldDays.silence)
            try await keeper.pass()
            #expect(try await days.partitions(.deliveryStats) == [])
            let found = try await days.owner.execute(
                FindStatsBuckets(
                    shard: days.tenant.shard, tenant: days.tenant.id, webhooks: [days.webhook], since: start,
                    until: start + .seconds(86_400), interval: .day))
            let buckets = try #require(found.first).counts.durations
            #expect(found.count == 1 && buckets.reduce(0, +) == 5000)
            exact.sort()
            for share in [0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999] {
                let value = exact[Int((share * 5000).rounded(.up)) - 1]
                let index = LatencyBuckets.index(milliseconds: value)
                let lower = index == 0 ? 0 : Double(LatencyBuckets.bounds[index - 1])
                let estimate = try #require(LatencyBuckets.percentile(share, of: buckets))
                #expect(
                    (lower...Double(LatencyBuckets.bounds[index])).contains(estimate),
                    "\(share): \(value) is not \(estimate)")
            }
        }
    }
}
