import Postgres
import Prometheus
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// What stands beside the deliveries: lanes, workers, tables, the server, single tenants.
@Suite struct OperationMetricsTests {
    @Test func lanesAndWorkersAreCounted() async throws {
        try await ServiceTests.withService { service in
            try await service.database.run(
                """
                INSERT INTO martlet.lane_states (shard, webhook_id, paused_until, breaker, failing_since)
                VALUES (1, gen_random_uuid(), now() + interval '1 hour', 0, NULL),
                       (1, gen_random_uuid(), now() + interval '1 hour', 2, now()),
                       (2, gen_random_uuid(), now() - interval '1 hour', 0, now());
                INSERT INTO martlet.workers (id, name, fenced_at) SELECT gen_random_uuid(), 'w' || g,
                       CASE WHEN g = 1 THEN now() END FROM generate_series(1, 3) g;
                UPDATE martlet.shard_leases SET owner = gen_random_uuid() WHERE shard < 60;
                """)
            #expect(
                try await service.comesToShow([
                    #"martlet_lanes{state="paused"}"#: 1, #"martlet_lanes{state="broken"}"#: 1,
                    #"martlet_lanes{state="failing"}"#: 2, "martlet_workers": 2,
                    #"martlet_shards{state="owned"}"#: 60, #"martlet_shards{state="unowned"}"#: 4,
                    "martlet_webhook_alerts": 0,
                ]))
        }
    }

    @Test func tablesAndTheServerAreMeasured() async throws {
        try await ServiceTests.withService { service in
            let isShown = try await service.comesToShow([#"martlet_table_partitions{table="events"}"#: 9])
            #expect(isShown)
            let (large, small) = (
                await service.value(#"martlet_table_bytes{table="invocations"}"#),
                await service.value(#"martlet_table_bytes{table="deliveries"}"#)
            )
            #expect(large ?? 0 > 8192 && small ?? 0 > 0)
            #expect(await service.value(#"martlet_table_stray_rows{table="events"}"#) == 0)
            let age = await service.value(#"martlet_table_oldest_day_age_seconds{table="events"}"#) ?? 0
            #expect(age >= 86_400 && age <= 2 * 86_400)
            #expect(try await service.comesToShow(["martlet_postgres_replicas": 0]))
            let frozen = await service.value("martlet_postgres_frozen_age_transactions")
            #expect(frozen ?? -1 >= 0)
        }
    }

    @Test func onlyTheBusiestAndTheWorstTenantsHaveSeries() async throws {
        try await ServiceTests.withService(settings: ["MARTLET_METRICS_TENANTS": "3"]) { service in
            for number in 1...20 {
                let made = try await service.owner.execute(
                    CreateTenant(identifier: "t\(number)", name: "", shard: Shard.all[number], signatureSecret: [1]))
                let tenant = try #require(made.first?.tenant)
                var row = DeliveryStatsRow(
                    shard: tenant.shard, webhookID: Webhook.ID(), tenantID: tenant.id, minute: Instant.now.startOfMinute
                )
                row.counts.succeeded = number * 10
                row.counts.failed = number <= 2 ? 5 : 0
                _ = try await service.owner.execute(AddDeliveryStats([row]))
            }
            let canary = try await service.owner.execute(
                CreateTenant(identifier: Canary.tenant, name: "", shard: Shard.all[1], signatureSecret: [1]))
            var counts = DeliveryCounts()
            counts.succeeded = 1_000_000
            let ofCanary = DeliveryStatsRow(
                shard: Shard.all[1], webhookID: Webhook.ID(), tenantID: try #require(canary.first?.tenant.id),
                minute: Instant.now.startOfMinute, counts: counts)
            _ = try await service.owner.execute(AddDeliveryStats([ofCanary]))
            func series(_ tenant: String) -> String {
                #"martlet_tenant_success_ratio{tenant="\#(tenant)",window="5m"}"#
            }
            #expect(
                try await service.comesToShow([
                    series("t18"): 1, series("t19"): 1, series("t20"): 1, series("t2"): 0.8, series("t1"): 10.0 / 15,
                ]))
            let text = String(decoding: await service.metrics.exposition(), as: UTF8.self)
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("martlet_tenant_success_ratio{") }.count == 5)
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("martlet_tenant_invocations{") }.count == 10)
        }
    }

    @Test func promtoolFindsNoFault() async throws {
        try await ServiceTests.withService { service in
            #expect(
                try await service.comesToShow([
                    "martlet_postgres_replicas": 0, "martlet_workers": 0, ServiceTests.succeeded: 0,
                    #"martlet_table_partitions{table="events"}"#: 9,
                ]))
            let text = String(decoding: await service.metrics.exposition(), as: UTF8.self)
            let said = try await Program.run("/usr/bin/env", ["promtool", "check", "metrics"], input: text)
            #expect(said.status == 0 && said.output.isEmpty, "\(said.output)")
        }
    }
}
