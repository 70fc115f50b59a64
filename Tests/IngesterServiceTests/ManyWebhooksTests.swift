import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

@Suite struct ManyWebhooksTests {
    private static let order = #"{"type":"order-created","data":{}}"#

    @Test func theFirstEventOfATenantWithAHundredThousandIsAccepted() async throws {
        try await withIngester { ingester, fixture, database in
            try await fixture.subscribe("product-*")
            let session = try await database.connect()
            try await session.run(script: "SET statement_timeout = 0")
            try await session.run(
                script: """
                    INSERT INTO webhooks (version, id, tenant_id, shard, configuration)
                    SELECT w.version + n, gen_random_uuid(), w.tenant_id, w.shard, w.configuration
                      FROM webhooks w, generate_series(1, 100000) n;
                    UPDATE tenants SET webhooks_version = webhooks_version + 100000;
                    """)
            await session.close()
            let one = try await fixture.subscribe("order-created")
            let first = try await ingester.post(Self.order)
            #expect(first.status == 202 && first.deliveries == 1)
            // One change is not a reason to read all of them again.
            let two = try await fixture.subscribe("order-*")
            let second = try await ingester.post(Self.order)
            #expect(second.status == 202 && second.deliveries == 2)
            let owed = try await fixture.owner.execute(OwedWebhooks())
            #expect(Set(owed.map(\.webhook)) == [one, two] && owed.count == 3)
        }
    }
}
