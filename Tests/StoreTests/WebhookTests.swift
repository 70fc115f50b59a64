import Postgres
import Store
import Testing
import Webhooks

@Suite struct WebhookTests {
    @Test("A webhook is made, found, changed at its version only, and deleted; each change is a wake")
    func life() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook(events: ["order-*", "*"]) {
                $0.headers = ["x-a": "\"ä\\"]
                $0.metadata = ["k": "v"]
                $0.filter = "{\"data\":{\"a\":[1]}}"
                $0.retry = RetryPolicy(maxAttempts: 3)
            }
            #expect(webhook.version == 1 && webhook.shard == world.shard && webhook.createdAt == webhook.updatedAt)
            let find = FindWebhook(id: webhook.id, tenant: world.tenant.id)
            #expect(try await world.asTenant(find) == [webhook])
            #expect(try await world.delivery.execute(FindWebhooks(ids: [Webhook.ID(), webhook.id])) == [webhook])
            var configuration = webhook.configuration
            configuration.name = "renamed"
            func update(_ version: Int64) -> UpdateWebhook {
                UpdateWebhook(
                    id: webhook.id, tenant: world.tenant.id, version: version, configuration: configuration,
                    disabledReason: nil)
            }
            #expect(try await world.asTenant(update(7)).isEmpty)
            #expect(try await world.version() == 1)
            let updated = try #require(try await world.asTenant(update(1)).first)
            #expect(updated.version == 2 && updated.configuration.name == "renamed")
            #expect(updated.createdAt == webhook.createdAt && updated.updatedAt > webhook.updatedAt)
            #expect(try await world.asTenant(update(1)).isEmpty)
            #expect(
                try await world.asTenant(DeleteWebhook(id: webhook.id, tenant: world.tenant.id, version: 1)).isEmpty)
            let delete = DeleteWebhook(id: webhook.id, tenant: world.tenant.id, version: 2)
            #expect(try await world.asTenant(delete) == [webhook.id])
            #expect(try await world.asTenant(delete).isEmpty)
            #expect(try await world.asTenant(find).isEmpty)
            #expect(try await world.asTenant(update(3)).isEmpty)
            let wakes = try await world.delivery.execute(FindWakesSince(transaction: 0, shards: [world.shard]))
            #expect(wakes.map(\.tenants) == [[Tenant.ID]](repeating: [world.tenant.id], count: 3))
        }
    }

    @Test("One of two changes at the same version wins")
    func race() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                for name in ["one", "two"] {
                    var configuration = webhook.configuration
                    configuration.name = name
                    let update = UpdateWebhook(
                        id: webhook.id, tenant: world.tenant.id, version: webhook.version, configuration: configuration)
                    group.addTask { try await world.asTenant(update).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(winners == 1)
        }
    }

    @Test("No more webhooks than the limit, also when two are made at once")
    func limit() async throws {
        try await withWorld { world in
            _ = try await world.makeWebhook()
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...3 {
                    let create = CreateWebhook(
                        tenant: world.tenant.id, configuration: .init(name: "n", url: "https://e.com", events: ["*"]),
                        limit: 2)
                    group.addTask {
                        try await world.api.transact(
                            SetTenantContext(tenant: world.tenant.id), LockTenant(id: world.tenant.id), create
                        ).2.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(made == 1)
            #expect(try await world.asTenant(CountWebhooks(tenant: world.tenant.id)) == [2])
        }
    }

    @Test("Martlet disables a webhook once")
    func disable() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let disable = DisableWebhook(id: webhook.id, tenant: world.tenant.id, reason: "410")
            #expect(try await world.delivery.execute(disable) == [2])
            #expect(try await world.delivery.execute(disable).isEmpty)
            let found = try await world.asTenant(FindWebhook(id: webhook.id, tenant: world.tenant.id)).first
            #expect(found?.status == .disabled && found?.disabledReason == "410" && found?.version == 2)
            #expect(found?.configuration.url == webhook.configuration.url)
        }
    }

    @Test("Changes since a version, tombstones included, and the version of a tenant without any")
    func changes() async throws {
        try await withWorld { world in
            let none = try await world.ingester.execute(FindWebhookChanges(tenants: [world.tenant.id], after: [-1]))
            #expect(none.count == 1 && none.first?.webhook == nil && none.first?.tenantVersion == 0)
            let (one, two) = (try await world.makeWebhook(), try await world.makeWebhook())
            _ = try await world.asTenant(DeleteWebhook(id: one.id, tenant: world.tenant.id))
            let find = FindWebhookChanges(tenants: [Tenant.ID(), world.tenant.id], after: [-1, 1])
            let changes = try await world.ingester.execute(find)
            #expect(changes.map { $0.webhook?.id } == [two.id, one.id])
            #expect(changes.map(\.isDeleted) == [false, true])
            #expect(changes.allSatisfy { $0.tenantVersion == 3 && $0.tenantID == world.tenant.id })
        }
    }

    @Test("What an ingester loads of changed webhooks")
    func subscriptions() async throws {
        try await withWorld { world in
            let find = FindSubscriptionChanges(tenants: [world.tenant.id, Tenant.ID()], after: [-1, -1])
            let none = try await world.ingester.execute(find)
            #expect(none.count == 1 && none.first?.webhookID == nil && none.first?.tenantVersion == 0)
            let one = try await world.makeWebhook(events: ["order-*", "*"]) { $0.ordering = .resource }
            let two = try await world.makeWebhook()
            _ = try await world.asTenant(DeleteWebhook(id: one.id, tenant: world.tenant.id))
            let rows = try await world.ingester.execute(find)
            #expect(rows.map(\.webhookID) == [two.id, one.id] && rows.map(\.isDeleted) == [false, true])
            #expect(rows.map(\.events) == [["order-created"], ["order-*", "*"]])
            #expect(rows.map(\.ordering) == [.none, .resource] && rows.allSatisfy { $0.tenantVersion == 3 })
        }
    }

    @Test("A change is refused whole when its webhook has moved or is not there")
    func required() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            for (id, version, expected) in [
                (webhook.id, nil, nil), (webhook.id, webhook.version, nil),
                (webhook.id, webhook.version + 1, SQLState.webhookChanged), (Webhook.ID(), nil, .webhookChanged),
            ] {
                let outcome = try await state {
                    try await world.asTenant(RequireWebhook(id: id, tenant: world.tenant.id, version: version))
                }
                #expect(outcome == expected)
            }
            let foreign = try await state {
                _ = try await world.asStranger(RequireWebhook(id: webhook.id, tenant: world.tenant.id))
            }
            #expect(foreign == .webhookChanged)
        }
    }

    @Test("Secrets: the current one first, the previous one while the rotation overlaps, none of another kind")
    func secrets() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            func save(_ kind: SealedSecret.Kind, _ bytes: [UInt8], until: Instant? = nil) -> SaveWebhookSecret {
                SaveWebhookSecret(
                    webhook: webhook.id, tenant: world.tenant.id, kind: kind, sealed: bytes, hint: "••••1234",
                    previousValidUntil: until)
            }
            try await world.asTenant(save(.signing, [1]))
            try await world.asTenant(save(.authentication, [10]))
            try await world.asTenant(save(.signing, [2], until: .now + .seconds(60)))
            let find = FindWebhookSecrets(webhooks: [webhook.id])
            let secrets = try await world.asTenant(find)
            #expect(secrets.map(\.sealed) == [[2], [1], [10]])
            #expect(secrets.map { $0.validUntil == nil } == [true, false, true])
            #expect(secrets.first?.context == "\(webhook.id)/0" && secrets.first?.hint == "••••1234")
            let subscriber = try #require(
                try await world.delivery.execute(FindSubscribers(webhooks: [webhook.id])).first)
            #expect(subscriber.secrets.map(\.sealed) == [[2], [1], [10]])
            #expect(subscriber.tenantIdentifier == "acme" && subscriber.signatureSecret == [1, 2])
            #expect(subscriber.webhook == webhook && subscriber.tenantVersion == webhook.version)
            try await world.asTenant(save(.signing, [3]))
            #expect(try await world.asTenant(find).map(\.sealed) == [[3], [10]])
            try await world.asTenant(save(.signing, [4], until: .now + .seconds(-1)))
            #expect(try await world.asTenant(find).map(\.sealed) == [[4], [10]])
            try await world.asTenant(
                DeleteWebhookSecrets(webhook: webhook.id, tenant: world.tenant.id, kind: .authentication))
            #expect(try await world.asTenant(find).map(\.sealed) == [[4]])
            #expect(try await world.asStranger(find).isEmpty)
            _ = try await world.asTenant(DeleteWebhook(id: webhook.id, tenant: world.tenant.id))
            #expect(try await world.asTenant(find).isEmpty)
            #expect(try await world.delivery.execute(FindSubscribers(webhooks: [webhook.id])).isEmpty)
        }
    }
}
