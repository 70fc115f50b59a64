import Foundation
import HTTPTypes
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

/// Row-level security by itself: what each of the API's statements gives where nobody said whose rows are meant.
@Suite("Statements without a tenant")
struct StatementIsolationTests {
    /// One statement, and how many rows it gives to a session of the API; an error is none.
    struct Case: Sendable {
        let name: String
        let rows: @Sendable (PostgresPool, Tenant.ID?) async -> Int

        init<S: Statement>(_ statement: S) {
            name = "\(S.self)"
            rows = { pool, tenant in
                guard let tenant else { return (try? await pool.execute(statement).count) ?? 0 }
                return (try? await pool.transact(SetTenantContext(tenant: tenant), statement).1.count) ?? 0
            }
        }

        /// Always one row, of which its depth counts.
        init(_ statement: MeasureQueue) {
            name = "MeasureQueue"
            rows = { pool, tenant in
                guard let tenant else { return (try? await pool.execute(statement).first?.depth) ?? 0 }
                return (try? await pool.transact(SetTenantContext(tenant: tenant), statement).1.first?.depth) ?? 0
            }
        }
    }

    /// Statements about what belongs to no tenant, or that come before it is known; each has its reason.
    static let outside: [String: String] = [
        "SetTenantContext": "is the setting itself", "NotifyWakes": "reads nothing",
        "FindTenant": "says which tenant is meant", "LockTenant": "gives no data", "ListTenants": "the operator's",
        "CreateTenant": "the operator's", "UpdateTenant": "the operator's", "DeleteTenant": "the operator's",
        "UseAPIKey": "says whose key it is, to whoever has the key",
        "UsePortalSession": "says whose session it is, to whoever has the cookie",
        "OpenPortalSession": "makes a session for whoever has the link",
        "EndPortalSession": "ends the session of whoever has the cookie",
        "FindPortalLink": "says whose link it is, to whoever has the link",
        "FindTenants": "says which tenant is meant",
        "UseInspector": "says whose inspector it is, to whoever knows its name",
        "PurgePortal": "counts what it deletes of all tenants",
        "PurgeIdempotencyKeys": "counts what it deletes of all tenants", "EnsurePartitions": "reads nothing",
    ]

    /// Those that give rows to the tenant itself, in an order in which all of them do; the last ones take them away.
    static func cases(
        _ seed: History, key: APIKey.ID, replay: Replay.ID, portal: PortalSeed
    ) -> [Case] {
        let (tenant, shard) = (seed.tenant.id, seed.tenant.shard)
        let event = EventKey(shard: shard, tenantID: tenant, id: seed.event)
        let selection = InvocationSelection(shard: shard, tenant: tenant, webhook: seed.webhook, limit: 9)
        let configuration = WebhookConfiguration(name: "n", url: "https://a.example/", events: ["*"])
        let type = EventType(name: "own-made", resource: "own", action: "made")
        return [
            Case(FindWebhook(id: seed.webhook, tenant: tenant)), Case(FindWebhooks(ids: [seed.webhook])),
            Case(ListWebhooks(tenant: tenant, limit: 9)), Case(FindWebhookSecrets(webhooks: [seed.webhook])),
            Case(ListInvocations(selection)), Case(ListUnsuccessfulInvocations(selection)),
            Case(FindInvocation(id: seed.invocations[0], shard: shard, tenant: tenant)),
            Case(FindInvocationsOfDeliveries([seed.settled], of: event)),
            Case(FindLastInvocations(of: [seed.webhook], shard: shard, tenant: tenant)),
            Case(ListEvents(EventSelection(shard: shard, tenant: tenant, limit: 9))), Case(FindEvent(event)),
            Case(ListDeliveries(shard: shard, tenant: tenant, limit: 9)), Case(ListDeliveriesOfEvent(event, limit: 9)),
            Case(FindReplay(id: replay, tenant: tenant)), Case(ListAPIKeys(tenant: tenant, limit: 9)),
            Case(
                CreateReplay(
                    webhook: seed.webhook, tenant: tenant, span: .distantPast ... .distantFuture, only: .all)),
            Case(CreateWebhook(tenant: tenant, configuration: configuration)),
            Case(CreateEventType(tenant: tenant, type: type, schema: nil, example: nil, limit: 9)),
            Case(FindEventTypes(tenant: tenant)), Case(DeleteEventType(tenant: tenant, name: type.name)),
            Case(ListTypedEvents(EventSelection(shard: shard, tenant: tenant, type: "order-created", limit: 9))),
            Case(ListEventsOfResource(EventSelection(shard: shard, tenant: tenant, resourceID: "o1", limit: 9))),
            Case(
                FindNewestOfResources([
                    .init(shard: shard, tenantID: tenant, resource: Fingerprint(resource: "order", id: "o1"))
                ])),
            Case(
                FindStatsBuckets(
                    shard: shard, tenant: tenant, webhooks: [seed.webhook], since: .distantPast, until: .now,
                    interval: .hour)),
            Case(
                FindTenantStatsBuckets(
                    shard: shard, tenant: tenant, since: .distantPast, until: .now, interval: .hour)),
            Case(
                FindQueueDepths(shard: shard, tenant: tenant, since: .distantPast, until: .now, interval: .hour)),
            Case(
                SumStatsOfWebhooks(
                    shard: shard, tenant: tenant, webhooks: [seed.webhook], since: .distantPast, until: .now)),
            Case(MeasureQueues(shard: shard, tenant: tenant, webhooks: [seed.webhook])),
            Case(MeasureQueue(shard: shard, tenant: tenant)), Case(FindIdempotencyKey(idempotencyKey(seed))),
            Case(ListAuditEntries(of: seed.webhook, tenant: tenant, limit: 9)),
            Case(FindSignatureSecret(id: tenant)),
            Case(RetryDelivery(event: seed.event, to: seed.webhook, of: tenant, orderKey: nil)),
            Case(CancelDelivery(id: seed.pending, shard: shard, tenant: tenant)),
            Case(DeleteAPIKey(id: key, tenant: tenant)),
            Case(UpdateWebhook(id: seed.webhook, tenant: tenant, version: 1, configuration: configuration)),
            Case(DeleteWebhook(id: seed.webhook, tenant: tenant)),
            Case(SaveSignatureSecret(id: tenant, sealed: [1])),
        ] + portal.cases
    }

    private static func idempotencyKey(_ seed: History) -> IdempotencyKey {
        IdempotencyKey(tenant: seed.tenant.id, path: "/", key: "k")
    }

    /// What the statements above read and the API has no path to make.
    private func make(_ seed: History, _ database: TestDatabase) async throws {
        let stats = DeliveryStatsRow(
            shard: seed.tenant.shard, webhookID: seed.webhook, tenantID: seed.tenant.id,
            minute: Instant(milliseconds: 1_700_000_040_000))
        try await database.transact(
            AddDeliveryStats([stats]), SampleQueueDepths(shards: Shard.all),
            ClaimIdempotencyKey(
                Self.idempotencyKey(seed), body: Fingerprint(1), run: Identifier<IdempotencyKey.Run>(),
                patience: .seconds(60)),
            InsertAuditEntry(webhook: seed.webhook, tenant: seed.tenant.id, by: "x", changes: "[]"))
    }

    /// Those that never give rows: what they would write is refused, as the tables afterwards show.
    static func silent(_ seed: History) -> [Case] {
        let tenant = seed.tenant.id
        let run = Identifier<IdempotencyKey.Run>()
        let claim = ClaimIdempotencyKey(idempotencyKey(seed), body: Fingerprint(2), run: run, patience: .zero)
        let selection = InvocationSelection(shard: seed.tenant.shard, tenant: tenant, webhook: seed.webhook, limit: 9)
        let key = APIKey(tenantID: tenant, name: "k", permissions: [], hint: "", createdBy: nil)
        return [
            Case(claim), Case(SaveIdempotentAnswer(idempotencyKey(seed), run: run, answer: [1])),
            Case(ReleaseIdempotencyKey(idempotencyKey(seed), run: run)), Case(FindScanEnd(selection)),
            Case(InsertAuditEntry(webhook: seed.webhook, tenant: tenant, by: nil, changes: "[]")),
            Case(InsertInvocations([seed.another])), Case(CreateAPIKey(key, digest: [1])),
            Case(RequireWebhook(id: seed.webhook, tenant: tenant)),
            Case(DeleteWebhookSecrets(webhook: seed.webhook, tenant: tenant, kind: .signing)),
            Case(SaveWebhookSecret(webhook: seed.webhook, tenant: tenant, kind: .signing, sealed: [1], hint: nil)),
        ] + PortalSeed.silent(of: tenant)
    }

    private func seed(_ api: TestAPI, _ database: TestDatabase) async throws -> ([Case], [Case]) {
        let seed = try await History.seed(api, database)
        let key = try await api.send(.post, "/company/api-keys", #"{"name":"k","permissions":["events:read"]}"#)
        let replay = try await api.send(
            .post, "/company/webhooks/\(seed.webhook)/replay", #"{"since":"2025-01-01T00:00:00Z"}"#)
        let keyID = try #require(try key.string("id").flatMap(APIKey.ID.init))
        let replayID = try #require(try replay.string("id").flatMap(Replay.ID.init))
        try await make(seed, database)
        let portal = try await PortalSeed.make(of: seed.tenant.id, database)
        return (Self.cases(seed, key: keyID, replay: replayID, portal: portal), Self.silent(seed))
    }

    private static let tables = [
        "webhooks", "webhook_secrets", "deliveries", "invocations", "events", "replays", "api_keys", "event_types",
        "idempotency_keys", "webhook_changes", "portal_links", "portal_sessions", "inspectors", "inspected_requests",
    ]

    private func counts(_ database: TestDatabase) async throws -> [Int] {
        var counts: [Int] = []
        for table in Self.tables { counts.append(try await database.count(table)) }
        return counts
    }

    @Test func withoutTheSettingNoneGivesARow() async throws {
        try await withAPI { api, database in
            let (cases, silent) = try await seed(api, database)
            let pool = try database.pool(as: .api)
            let before = try await counts(database)
            for tenant in [nil, Tenant.ID()] {
                for each in cases + silent {
                    #expect(await each.rows(pool, tenant) == 0, "\(each.name) as \(tenant.map { "\($0)" } ?? "nobody")")
                }
            }
            #expect(try await counts(database) == before, "and none has changed one")
            let owner = try #require(try await pool.execute(FindTenant(identifier: "acme")).first?.tenant.id)
            for each in cases { #expect(await each.rows(pool, owner) > 0, "\(each.name) can give rows at all") }
            await pool.close()
        }
    }

    /// The sources say which statements the API runs; none of them may be missing above.
    @Test func noStatementIsForgotten() async throws {
        try await withAPI { api, database in
            let (cases, silent) = try await seed(api, database)
            let known = Set((cases + silent).map(\.name)).union(Self.outside.keys)
            let declared = Set(
                Self.sources("Shared/Store").flatMap { text in
                    text.matches(of: /struct (\w+): Statement/).map { String($0.1) }
                })
            let words = Set(
                (Self.sources("Services/API") + Self.sources("Shared/Tenancy")).flatMap { text in
                    text.matches(of: /\b([A-Z]\w+)\(/.wordBoundaryKind(.simple)).map { String($0.1) }
                })
            let used = declared.intersection(words)
            #expect(used.count > 30 && used.subtracting(known).isEmpty, "say what they give without a tenant")
        }
    }

    private static func sources(_ folder: String) -> [String] {
        let root = URL(filePath: Repository.root).appending(path: folder)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    }
}
