import Postgres
import Store
import Testing
import Webhooks

@Suite struct WebhookListTests {
    typealias Filter = ListWebhooks.Filter

    @Test("The list is filtered as asked, newest first, page by page")
    func filters() async throws {
        try await withWorld { world in
            let orders = try await world.makeWebhook(events: ["order-created"]) { $0.name = "100% orders" }
            let off = try await world.makeWebhook(events: ["product-*"]) {
                $0.name = "under_score"
                $0.isEnabled = false
            }
            let all = try await world.makeWebhook(events: ["*"]) { $0.url = "https://shop.example/Hook\\x" }
            _ = try await world.delivery.execute(
                DisableWebhook(id: orders.id, tenant: world.tenant.id, reason: "gone"))
            func list(_ change: (inout Filter) -> Void, before: Webhook.ID? = nil, limit: Int = 9) async throws
                -> [Webhook.ID]
            {
                var filter = Filter()
                change(&filter)
                return try await world.asTenant(
                    ListWebhooks(tenant: world.tenant.id, before: before, filter: filter, limit: limit)
                ).map(\.id)
            }
            #expect(try await list({ _ in }) == [all.id, off.id, orders.id])
            #expect(try await list({ _ in }, limit: 2) == [all.id, off.id])
            #expect(try await list({ _ in }, before: off.id) == [orders.id])
            #expect(try await list({ $0.status = .active }) == [all.id])
            #expect(try await list({ $0.status = .inactive }) == [off.id])
            #expect(try await list({ $0.status = .disabled }) == [orders.id])
            #expect(try await list({ $0.search = "%" }) == [orders.id])
            #expect(try await list({ $0.search = "_" }) == [off.id])
            #expect(try await list({ $0.search = "hook\\X" }) == [all.id])
            #expect(try await list({ $0.search = "PRODUCT" }) == [off.id])
            #expect(try await list({ $0.search = "nothing" }) == [])
            #expect(
                try await list({
                    $0.search = "nothing"
                    $0.searchedEvents = ["order-created", "order-*"]
                }) == [orders.id])
            #expect(try await list({ $0.event = ["order-created", "order-*", "*"] }) == [all.id, orders.id])
            #expect(try await list({ $0.resource = ["product-created", "product-*"] }) == [off.id])
            #expect(
                try await list({
                    $0.event = ["*"]
                    $0.resource = ["product-*"]
                }) == [])
            #expect(try await list({ $0.created = off.createdAt...all.createdAt }) == [all.id, off.id])
            #expect(try await list({ $0.updated = .distantPast...off.updatedAt }) == [off.id])
            #expect(try await world.asStranger(ListWebhooks(tenant: world.tenant.id, limit: 9)).isEmpty)
            #expect(try await world.asTenant(ListWebhooks(tenant: Tenant.ID(), limit: 9)).isEmpty)
        }
    }
}
