import Hosting
import Postgres
import Prometheus
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// What a scrape costs after ten million invocations.
@Suite struct ScrapeCostTests {
    private static let scrapes = 200

    @Test func aScrapeAsksNoDatabaseHoweverMuchWasDelivered() async throws {
        try await withPool { owner, database in
            // 70 webhooks, each minute of a day, 100 requests each.
            try await database.run(
                """
                INSERT INTO martlet.delivery_stats (shard, webhook_id, minute, tenant_id, succeeded, failed, e2, d5, l3)
                SELECT w % 64, md5('w' || w)::uuid, date_trunc('minute', now()) - m * interval '1 min',
                       md5('t' || w % 9)::uuid, 99, 1, 1, 100, 100
                  FROM generate_series(1, 70) w, generate_series(0, 1439) m
                """)
            let pool = PostgresPool(
                try PostgresConfiguration(url: database.url(for: .metrics), applicationName: "martlet-test-metrics"),
                on: TestDatabase.reactor, logger: OldDays.silence)
            let board = MetricsBoard()
            let host = HostContext(name: "metrics", logger: OldDays.silence)
            host.metrics.collect { board.families(at: .now) }
            let sampler = StatsSampler(pool: pool, board: board, logger: OldDays.silence)
            var time: CountedTime?
            let start = ContinuousClock.now
            var text = ""
            while !text.contains("martlet_invocations_total") {
                try await sampler.sample(&time)
                text = String(decoding: await host.metrics.exposition(), as: UTF8.self)
            }
            let first = ContinuousClock.now - start
            let again = ContinuousClock.now
            try await sampler.sample(&time)
            let sample = ContinuousClock.now - again
            await pool.close()
            var took: [Duration] = []
            for _ in 0..<Self.scrapes {
                let begin = ContinuousClock.now
                text = String(decoding: await host.metrics.exposition(), as: UTF8.self)
                took.append(ContinuousClock.now - begin)
            }
            took.sort()
            print(
                "scrape after 10 080 000 invocations: median \(took[Self.scrapes / 2]), slowest \(took.last!);",
                "each second's sample \(sample), the first one \(first)")
            #expect(text.contains(#"martlet_invocations_total{outcome="succeeded",error_class=""} 9979200"#))
            #expect(text.contains("martlet_delivery_latency_seconds_count 10080000"))
        }
    }
}
