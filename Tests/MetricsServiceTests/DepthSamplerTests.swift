import Logging
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// What waits for webhooks is noted over time, as the service's own role.
@Suite struct DepthSamplerTests {
    @Test("The most that waited in a minute is noted, beside what else the minute counts")
    func samples() async throws {
        try await withPool { owner, database in
            let tenant = try #require(
                try await owner.execute(
                    CreateTenant(identifier: "acme", name: "", shard: Shard.all[5], signatureSecret: [1])
                ).first?.tenant)
            func webhook() async throws -> Webhook.ID {
                let configuration = WebhookConfiguration(name: "w", url: "https://a.example/", events: ["*"])
                let rows = try await owner.transact(
                    SetTenantContext(tenant: tenant.id), CreateWebhook(tenant: tenant.id, configuration: configuration))
                return try #require(rows.1.first?.id)
            }
            func owe(_ count: Int, to webhook: Webhook.ID) async throws {
                let rows = (0..<count).map { _ in
                    DeliveryRow(
                        shard: tenant.shard, webhookID: webhook, id: Delivery.ID(), tenantID: tenant.id,
                        eventID: Event.ID(), orderKey: nil, key: nil)
                }
                _ = try await owner.execute(InsertDeliveries(rows))
            }
            let (one, two) = (try await webhook(), try await webhook())
            let pool = try database.pool(as: .metrics)
            let sampler = DepthSampler(pool: pool, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            func depths(of webhook: Webhook.ID?) async throws -> [Int] {
                try await owner.execute(
                    FindQueueDepths(
                        shard: tenant.shard, tenant: tenant.id, webhook: webhook, since: .now - .seconds(3600),
                        until: .now + .seconds(60), interval: .day)
                ).map(\.depth)
            }
            try await sampler.sample()
            #expect(try await depths(of: nil).isEmpty, "nothing waits, nothing is kept")
            try await owe(4, to: one)
            try await owe(3, to: two)
            try await sampler.sample()
            try await database.run(
                """
                DELETE FROM martlet.deliveries WHERE webhook_id IN (
                  SELECT webhook_id FROM martlet.deliveries GROUP BY webhook_id HAVING count(*) = 4)
                """)
            try await sampler.sample()
            #expect(try await depths(of: one) == [4])
            #expect(try await depths(of: two) == [3])
            // Of one minute, unless one ended just then.
            #expect([[7], [4]].contains(try await depths(of: nil)))
            var counts = DeliveryCounts()
            counts.succeeded = 2
            _ = try await owner.execute(
                AddDeliveryStats([
                    DeliveryStatsRow(
                        shard: tenant.shard, webhookID: one, tenantID: tenant.id, minute: Instant.now.startOfMinute,
                        counts: counts)
                ]))
            #expect(try await depths(of: one) == [4])
            let sums = try await owner.execute(
                SumStatsOfWebhooks(
                    shard: tenant.shard, tenant: tenant.id, webhooks: [one], since: .now - .seconds(3600),
                    until: .now + .seconds(60)))
            #expect(sums.map(\.counts.succeeded) == [2])
            await pool.close()
        }
    }
}
