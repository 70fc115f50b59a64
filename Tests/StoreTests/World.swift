import Postgres
import Store
import TestSupport
import Webhooks

/// A database with one tenant, and a pool for each service, each with its own role.
struct World {
    let database: TestDatabase
    let owner: PostgresPool
    let api: PostgresPool
    let ingester: PostgresPool
    let delivery: PostgresPool
    let metrics: PostgresPool
    let tenant: Tenant

    var shard: Shard { tenant.shard }

    /// One statement of the API: in a transaction that says whose rows may be seen.
    @discardableResult
    func asTenant<S: Statement>(_ statement: S) async throws -> [S.Row] {
        try await api.transact(SetTenantContext(tenant: tenant.id), statement).1
    }

    /// One statement of the API on behalf of another tenant.
    func asStranger<S: Statement>(_ statement: S) async throws -> [S.Row] {
        try await api.transact(SetTenantContext(tenant: Tenant.ID()), statement).1
    }

    func makeWebhook(
        events: [String] = ["order-created"], _ change: (inout WebhookConfiguration) -> Void = { _ in }
    ) async throws -> Webhook {
        var configuration = WebhookConfiguration(name: "test", url: "https://example.com/wh", events: events)
        change(&configuration)
        let rows = try await asTenant(CreateWebhook(tenant: tenant.id, configuration: configuration))
        return try rows.first ?? { throw Nothing() }()
    }

    struct Nothing: Error {}

    func version() async throws -> Int64 {
        try await api.execute(FindTenant(identifier: tenant.identifier)).first?.webhooksVersion ?? -1
    }

    // MARK: Events and what is owed

    func row(
        _ id: Event.ID = Event.ID(), type: String = "order-created", resource: String? = "r1", data: String = "{}",
        related: String? = nil, key: Fingerprint? = nil
    ) -> EventRow {
        EventRow(
            shard: shard, tenantID: tenant.id, id: id,
            resourceKey: resource.map { Fingerprint(resource: "order", id: $0) }, type: type, resourceID: resource,
            occurredAt: Instant(microseconds: 1_700_000_000_123_456), traceparent: "00-ab-cd-01",
            data: StoredPayload.encode(Array(data.utf8)),
            related: related.map { StoredPayload.encode(Array($0.utf8)) }, key: key)
    }

    func delivery(of event: EventRow, to webhook: Webhook.ID, orderKey: Int64? = nil) -> DeliveryRow {
        DeliveryRow(
            shard: shard, webhookID: webhook, id: Delivery.ID(), tenantID: tenant.id, eventID: event.id,
            orderKey: orderKey, key: event.key)
    }

    /// Stores events without keys and owes each to the webhook.
    @discardableResult
    func owe(_ count: Int, to webhook: Webhook.ID, orderKey: Int64? = nil) async throws -> [DeliveryRow] {
        let events = (0..<count).map { row(data: "{\"n\":\($0)}") }
        let deliveries = events.map { delivery(of: $0, to: webhook, orderKey: orderKey) }
        _ = try await ingester.transact(
            InsertEvents(events), InsertDeliveries(deliveries), InsertWake(of: deliveries))
        return deliveries
    }

    func lane(_ webhook: Webhook.ID, room: Int = 256) -> LaneCursor {
        LaneCursor(shard: shard, webhook: webhook, dueAt: .distantPast, id: Delivery.ID(ULID(0)), room: room)
    }

    func pending(of webhook: Webhook.ID) async throws -> [Delivery] {
        try await delivery.execute(FindNextDeliveries(lanes: [lane(webhook)], until: .distantFuture)).map(\.delivery)
    }

    /// A worker that owns every shard.
    func makeOwner() async throws -> Worker.ID {
        let worker = Worker.ID()
        _ = try await delivery.execute(JoinWorkers(id: worker, name: "one"))
        _ = try await delivery.execute(TakeShards(for: worker, from: [], atMost: 64))
        return worker
    }
}

func withWorld(_ body: (World) async throws -> Void) async throws {
    try await withDatabase { database in
        let pools = try ([nil] + ServiceRole.allCases).map { try database.pool(as: $0, sessions: 3) }
        do {
            let record = try await pools[1].execute(
                CreateTenant(identifier: "acme", name: "Acme", shard: Shard(3) ?? .draw(), signatureSecret: [1, 2]))
            guard let tenant = record.first?.tenant else { throw World.Nothing() }
            try await body(
                World(
                    database: database, owner: pools[0], api: pools[1], ingester: pools[2], delivery: pools[3],
                    metrics: pools[4], tenant: tenant))
            for pool in pools { await pool.close() }
        } catch {
            for pool in pools { await pool.close() }
            throw error
        }
    }
}

/// Waits until `condition` holds, at most 60 s: snapshots also wait for the transactions of other tests' databases.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}

/// The SQLSTATE that `body` fails with; nil if it does not.
func state(of body: () async throws -> Void) async throws -> SQLState? {
    do { try await body() } catch let error as PostgresError {
        guard let state = error.sqlState else { throw error }
        return state
    }
    return nil
}

extension Invocation {
    /// One as the delivery service writes it.
    static func sample(
        of delivery: DeliveryRow, id: Invocation.ID = Invocation.ID(), attempt: Int16 = 1,
        trigger: Delivery.Trigger = .event,
        at startedAt: Instant = .now, duration: Duration = .milliseconds(7), outcome: Outcome = .succeeded,
        error: ErrorClass? = nil, status: Int16? = 204, eventType: String = "order-created"
    ) -> Invocation {
        Invocation(
            id: id, shard: delivery.shard, tenantID: delivery.tenantID, webhookID: delivery.webhookID,
            eventID: delivery.eventID, deliveryID: delivery.id, eventType: eventType, attempt: attempt,
            trigger: trigger,
            startedAt: startedAt, duration: duration, outcome: outcome, errorClass: error,
            isFinal: outcome == .succeeded, status: status)
    }
}
