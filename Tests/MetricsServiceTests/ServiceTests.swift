import Hosting
import Logging
import Postgres
import Prometheus
import ServiceLifecycle
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// The service as it is composed, over a real database, as its own role.
@Suite struct ServiceTests {
    /// A running service, and the owner's pool to change things behind its back.
    struct Running {
        let metrics: MetricRegistry
        let health: Health
        let owner: PostgresPool
        let database: TestDatabase
        let tenant: Tenant

        /// The value of a series as a scrape shows it.
        func value(_ series: String) async -> Double? {
            let text = String(decoding: await metrics.exposition(), as: UTF8.self)
            return text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
                .flatMap { Double($0.dropFirst(series.count + 1)) }
        }

        /// Waits until a scrape shows all of these, for at most 30 s.
        func comesToShow(_ values: [String: Double], isReady wanted: Bool = true) async throws -> Bool {
            let deadline = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < deadline {
                let isReady = await health.findings().allSatisfy(\.isReady)
                var shown: [String: Double] = [:]
                for series in values.keys { shown[series] = await value(series) }
                if shown == values, isReady == wanted { return true }
                try await Task.sleep(for: .milliseconds(20))
            }
            return false
        }

        func webhook(isEnabled: Bool = true) async throws -> Webhook {
            var configuration = WebhookConfiguration(name: "w", url: "https://example.com/", events: ["order-created"])
            configuration.isEnabled = isEnabled
            let answer = try await owner.transact(
                SetTenantContext(tenant: tenant.id), CreateWebhook(tenant: tenant.id, configuration: configuration))
            return try #require(answer.1.first)
        }

        func owe(_ count: Int, to webhook: Webhook.ID) async throws {
            let rows = (0..<count).map { _ in
                DeliveryRow(
                    shard: tenant.shard, webhookID: webhook, id: Delivery.ID(), tenantID: tenant.id,
                    eventID: Event.ID(), orderKey: nil, key: nil)
            }
            _ = try await owner.execute(InsertDeliveries(rows))
        }

        func add(_ minute: Instant, _ change: (inout DeliveryCounts) -> Void) async throws {
            var counts = DeliveryCounts()
            change(&counts)
            let row = DeliveryStatsRow(
                shard: tenant.shard, webhookID: Webhook.ID(), tenantID: tenant.id, minute: minute.startOfMinute,
                counts: counts)
            _ = try await owner.execute(AddDeliveryStats([row]))
        }
    }

    static func withService(
        settings: [String: String] = [:], _ body: @Sendable (Running) async throws -> Void
    ) async throws {
        try await withPool { owner, database in
            let record = try await owner.execute(
                CreateTenant(identifier: "acme", name: "", shard: Shard.all[5], signatureSecret: [1]))
            let host = HostContext(
                name: "metrics",
                settings: Settings(
                    environment: settings.merging(["MARTLET_DATABASE_URL": database.url(for: .metrics)]) { $1 }),
                logger: Self.silence)
            let running = Running(
                metrics: host.metrics, health: host.health, owner: owner, database: database,
                tenant: try #require(record.first?.tenant))
            let services = try MetricsService.compose(host)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in services { group.addTask { try await service.run() } }
                defer { group.cancelAll() }
                try await body(running)
            }
        }
    }

    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let succeeded = #"martlet_invocations_total{outcome="succeeded",error_class=""}"#
    private static let due = #"martlet_queue_depth{state="due"}"#

    @Test func theQueueIsShownByState() async throws {
        try await Self.withService { service in
            let age = "martlet_queue_oldest_due_age_seconds"
            #expect(try await service.comesToShow([Self.due: 0, age: 0]))
            let active = try await service.webhook()
            let inactive = try await service.webhook(isEnabled: false)
            try await service.owe(5, to: active.id)
            try await service.database.run(
                """
                UPDATE martlet.deliveries SET due_at = now() - interval '90 s';
                UPDATE martlet.deliveries SET not_before = now() + interval '1 hour'
                 WHERE id = (SELECT id FROM martlet.deliveries LIMIT 1);
                """)
            try await service.owe(2, to: inactive.id)
            func depth(_ state: String) -> String { "martlet_queue_depth{state=\"\(state)\"}" }
            #expect(try await service.comesToShow([Self.due: 4, depth("scheduled"): 1, depth("held"): 2]))
            let seconds = try #require(await service.value(age))
            #expect(seconds >= 90 && seconds < 300)
        }
    }

    @Test func countersAreThoseOfTheTableOldAndNew() async throws {
        try await Self.withService { service in
            try await service.add(.now - .seconds(40 * 86_400)) { $0.succeeded = 1000 }
            try await service.add(.now - .seconds(7200)) {
                $0.failed = 10; $0.errors[0] = 10
            }
            try await service.add(.now - .seconds(1800)) {
                $0.succeeded = 30; $0.debounced = 4
            }
            try await service.add(.now) {
                ($0.succeeded, $0.failed, $0.discarded) = (3, 1, 2)
                $0.errors[Int(ErrorClass.http5xx.rawValue)] = 1
                $0.durationMilliseconds = 1500
                ($0.durations[0], $0.durations[9], $0.durations[15]) = (2, 1, 1)
                $0.latencies[4] = 3
            }
            // A service that starts now: all of it is old.
            let pool = try service.database.pool(as: .metrics)
            let board = MetricsBoard()
            var time: CountedTime?
            let sampler = StatsSampler(pool: pool, board: board, logger: Self.silence)
            while !board.isFresh(at: .now) { try await sampler.sample(&time) }
            await pool.close()
            let text = String(decoding: TextFormat.text(of: board.families(at: .now)), as: UTF8.self)
            for line in [
                #"martlet_invocations_total{outcome="succeeded",error_class=""} 1033"#,
                #"martlet_invocations_total{outcome="failed",error_class="timeout"} 10"#,
                #"martlet_invocations_total{outcome="failed",error_class="http_5xx"} 1"#,
                #"martlet_invocations_total{outcome="debounced",error_class=""} 4"#,
                #"martlet_invocations_total{outcome="discarded",error_class=""} 2"#,
                #"martlet_success_ratio{window="5m"} 0.75"#, #"martlet_success_ratio{window="1h"} \#(33.0 / 34)"#,
                #"martlet_success_ratio{window="24h"} 0.75"#,
                #"martlet_invocation_duration_seconds_bucket{le="0.001"} 2"#,
                #"martlet_invocation_duration_seconds_bucket{le="1"} 3"#,
                #"martlet_invocation_duration_seconds_bucket{le="60"} 3"#,
                #"martlet_invocation_duration_seconds_bucket{le="+Inf"} 4"#,
                "martlet_invocation_duration_seconds_sum 1.5", "martlet_invocation_duration_seconds_count 4",
                #"martlet_delivery_latency_seconds_bucket{le="0.025"} 3"#, "martlet_delivery_latency_seconds_count 3",
                "martlet_up 1",
            ] { #expect(text.contains(line + "\n"), "\(line)") }
        }
    }

    @Test func aSecondSampleAddsWhatCame() async throws {
        try await Self.withService { service in
            #expect(try await service.comesToShow([Self.succeeded: 0]))
            for round in 1...3 {
                try await service.add(.now - .seconds(Int64(round) * 120)) { $0.succeeded = 5 }
                #expect(try await service.comesToShow([Self.succeeded: Double(round * 5)]))
            }
        }
    }

    @Test func aLostDatabaseLeavesTheLastValues() async throws {
        try await Self.withService { service in
            try await service.add(.now) { $0.succeeded = 8 }
            #expect(try await service.comesToShow([Self.succeeded: 8, Self.due: 0, "martlet_up": 1]))
            let session = try await service.database.connect()
            try await session.run(
                script: """
                    UPDATE pg_database SET datallowconn = false WHERE datname = current_database();
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND usename = 'martlet_metrics';
                    """)
            #expect(
                try await service.comesToShow([Self.succeeded: 8, Self.due: 0, "martlet_up": 0], isReady: false))
            try await session.run(
                script: "UPDATE pg_database SET datallowconn = true WHERE datname = current_database()")
            await session.close()
            try await service.add(.now) { $0.succeeded = 1 }
            #expect(try await service.comesToShow([Self.succeeded: 9, "martlet_up": 1]))
        }
    }

    @Test func withoutADatabaseItStartsAndShowsNothing() async throws {
        let host = HostContext(
            name: "metrics",
            settings: Settings(environment: ["MARTLET_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"]),
            logger: Self.silence)
        let services = try MetricsService.compose(host)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            #expect(await host.health.findings().map(\.isReady) == [false])
            let text = String(decoding: await host.metrics.exposition(), as: UTF8.self)
            #expect(
                text.contains("\nmartlet_up 0\n") && !text.contains("martlet_queue") && !text.contains("invocations"))
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("A missing or malformed URL is named", arguments: [nil, "", "http://a"] as [String?])
    func settings(url: String?) throws {
        let environment = url.map { ["MARTLET_DATABASE_URL": $0] } ?? [:]
        let host = HostContext(
            name: "metrics", settings: Settings(environment: environment),
            logger: Self.silence)
        let error = #expect(throws: SettingError.self) { _ = try MetricsService.compose(host) }
        #expect(error?.name == "MARTLET_DATABASE_URL")
    }
}
