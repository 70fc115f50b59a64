import Postgres
import Store
import Testing
import Webhooks

@Suite struct TenantTests {
    @Test("A tenant is made, found, changed and deleted; its identifier stays taken")
    func life() async throws {
        try await withWorld { world in
            let tenant = world.tenant
            let again = CreateTenant(identifier: "acme", name: "Other", signatureSecret: [1])
            #expect(try await world.api.execute(again).isEmpty)
            #expect(try await world.ingester.execute(FindTenant(identifier: "acme")).first?.tenant == tenant)
            #expect(try await world.ingester.execute(FindTenant(identifier: "ACME")).isEmpty)
            #expect(
                try await world.ingester.execute(FindTenants(ids: [Tenant.ID(), tenant.id])).map(\.tenant) == [tenant])
            var settings = TenantSettings()
            settings.defaultDialect = .shopery
            settings.rateLimits = .init(apiPerSecond: 5)
            let version = try await world.version()
            let updated = try #require(
                try await world.asTenant(
                    UpdateTenant(id: tenant.id, name: "New", settings: settings, version: version)
                ).first)
            #expect(updated.tenant.settings == settings && updated.tenant.name == "New")
            #expect(updated.webhooksVersion == version + 1 && updated.tenant.updatedAt > tenant.updatedAt)
            let stale = UpdateTenant(id: tenant.id, name: "Stale", settings: settings, version: version)
            #expect(try await world.asTenant(stale).isEmpty)
            let webhook = try await world.makeWebhook()
            #expect(try await world.asTenant(DeleteTenant(id: tenant.id)) == [tenant.id])
            #expect(try await world.asTenant(DeleteTenant(id: tenant.id)).isEmpty)
            #expect(try await world.api.execute(FindTenant(identifier: "acme")).isEmpty)
            #expect(try await world.delivery.execute(FindWebhooks(ids: [webhook.id])).isEmpty)
            #expect(try await world.api.execute(again).isEmpty)
            let changes = try await world.delivery.execute(
                FindChangedWebhooks(after: [.init(endOf: 0, tenantID: tenant.id)], limit: 9))
            #expect(changes.map(\.webhookID) == [webhook.id])
            #expect(try await world.delivery.execute(FindSubscribers(webhooks: [webhook.id])).isEmpty)
        }
    }

    @Test("Tenants are listed newest first, page by page, within bounds")
    func list() async throws {
        try await withWorld { world in
            for number in 1...4 {
                _ = try await world.api.execute(
                    CreateTenant(identifier: "t\(number)", name: "T", signatureSecret: [1]))
            }
            let all = try await world.api.execute(ListTenants(limit: 9)).map(\.tenant)
            #expect(all.map(\.identifier) == ["t4", "t3", "t2", "t1", "acme"])
            let page = try await world.api.execute(ListTenants(before: all[1].id, limit: 2)).map(\.tenant.identifier)
            #expect(page == ["t2", "t1"])
            let created = all[3].createdAt...all[1].createdAt
            #expect(
                try await world.api.execute(ListTenants(created: created, limit: 9)).map(\.tenant) == Array(all[1...3]))
            let later = all[0].updatedAt + .seconds(1) ... .distantFuture
            #expect(try await world.api.execute(ListTenants(updated: later, limit: 9)).isEmpty)
        }
    }

    @Test("The signature secret is replaced, and every webhook counts as changed")
    func signatureSecret() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            #expect(try await world.asTenant(FindSignatureSecret(id: world.tenant.id)) == [[1, 2]])
            let saved = try await world.asTenant(SaveSignatureSecret(id: world.tenant.id, sealed: [9, 8, 7]))
            #expect(saved == [world.tenant.id])
            #expect(try await world.asTenant(FindSignatureSecret(id: world.tenant.id)) == [[9, 8, 7]])
            let changed = try await world.delivery.execute(
                FindChangedWebhooks(after: [.init(endOf: webhook.version, tenantID: world.tenant.id)], limit: 9))
            #expect(changed.map(\.webhookID) == [webhook.id])
            let subscribers = try await world.delivery.execute(FindSubscribers(webhooks: [webhook.id]))
            #expect(subscribers.first?.signatureSecret == [9, 8, 7])
        }
    }

    @Test("Changes are read page by page, also where one change was of many webhooks")
    func pages() async throws {
        try await withWorld { world in
            var made: Set<Webhook.ID> = []
            for _ in 0..<5 { made.insert(try await world.makeWebhook().id) }
            let known = try await world.version()
            _ = try await world.asTenant(SaveSignatureSecret(id: world.tenant.id, sealed: [9]))
            let last = try await world.makeWebhook().id
            var place = FindChangedWebhooks.Place(endOf: known, tenantID: world.tenant.id)
            var found: [Webhook.ID] = []
            while case let page = try await world.delivery.execute(FindChangedWebhooks(after: [place], limit: 2)),
                let end = page.last
            {
                #expect(page.count <= 2)
                found += page.map(\.webhookID)
                place = end
            }
            #expect(found.count == 6 && Set(found) == made.union([last]) && found.last == last)
        }
    }
}
