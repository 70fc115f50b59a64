import Curl
import Epoll
import Logging
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// A database with one tenant, and workers that run inside the test.
///
/// A class, not a struct, so that a closure captures it as one word: an async closure whose captures fill more than six
/// crashes when it returns, without optimisation (Swift 6.3.1).
final class Stage: Sendable {
    static let keyText = EncryptionKeys.generateEntry(id: "test")
    static let keys = try! EncryptionKeys(parsing: keyText)

    let database: TestDatabase
    let pool: PostgresPool
    let tenant: Tenant.ID
    let shard: Shard

    private init(database: TestDatabase, pool: PostgresPool, tenant: Tenant.ID, shard: Shard) {
        self.database = database
        self.pool = pool
        self.tenant = tenant
        self.shard = shard
    }

    /// Lends a stage to `body`.
    static func run(shard: Shard = Shard(5)!, _ body: (Stage) async throws -> Void) async throws {
        try await withPool { pool, database in
            let tenant = Tenant.ID()
            _ = try await pool.execute(
                CreateTenant(id: tenant, identifier: "acme", name: "Acme", shard: shard, signatureSecret: []))
            try await body(Stage(database: database, pool: pool, tenant: tenant, shard: shard))
        }
    }

    /// Adds a webhook that calls `url`.
    func webhook(_ url: String, _ change: (inout WebhookConfiguration) -> Void = { _ in }) async throws -> Webhook.ID {
        var configuration = WebhookConfiguration(name: "test", url: url, events: ["order-created"])
        configuration.retry = RetryPolicy(schedule: [1])
        change(&configuration)
        let id = Webhook.ID()
        let secret = StandardWebhooksSecret().text
        _ = try await pool.transact(
            CreateWebhook(id: id, tenant: tenant, configuration: configuration),
            SaveWebhookSecret(
                webhook: id, tenant: tenant, kind: .signing,
                sealed: Self.keys.seal(Array(secret.utf8), context: SealedSecret.context(of: .signing, for: id)),
                hint: nil))
        return id
    }

    /// Accepts events for webhooks, as the ingester would.
    @discardableResult
    func accept(
        _ count: Int, for webhooks: Webhook.ID..., orderKey: Int64? = nil, isAnnounced: Bool = true
    ) async throws -> [Event.ID] {
        try await accept(count, for: webhooks, orderKey: orderKey, isAnnounced: isAnnounced)
    }

    @discardableResult
    func accept(
        _ count: Int, for webhooks: [Webhook.ID], orderKey: Int64? = nil, isAnnounced: Bool = true
    ) async throws -> [Event.ID] {
        let events = (0..<count).map { number in
            EventRow(
                shard: shard, tenantID: tenant, id: Event.ID(), resourceKey: nil, type: "order-created",
                resourceID: "r\(number)", occurredAt: nil, traceparent: nil,
                data: StoredPayload.encode(Array(#"{"n":\#(number)}"#.utf8)),
                related: nil, key: nil)
        }
        let deliveries = events.flatMap { event in
            webhooks.map {
                DeliveryRow(
                    shard: shard, webhookID: $0, id: Delivery.ID(), tenantID: tenant, eventID: event.id,
                    orderKey: orderKey, key: nil)
            }
        }
        _ = try await pool.transact(InsertEvents(events), InsertDeliveries(deliveries), InsertWake(of: deliveries))
        if isAnnounced { _ = try await pool.execute(NotifyWakes()) }
        return events.map(\.id)
    }

    /// Accepts one event about a resource, with its data, for webhooks or for none.
    @discardableResult
    func accept(
        _ data: String, of resource: String? = "o1", type: String = "order-created", isPartial: Bool = false,
        related: String? = nil, for webhooks: Webhook.ID...
    ) async throws -> Event.ID {
        let kind = EventCatalogue.standard.resource(ofType: type, id: resource)
        let event = EventRow(
            shard: shard, tenantID: tenant, id: Event.ID(), resourceKey: isPartial ? nil : kind, type: type,
            resourceID: resource, occurredAt: nil, traceparent: nil, data: StoredPayload.encode(Array(data.utf8)),
            related: related.map { StoredPayload.encode(Array($0.utf8)) }, key: nil)
        let deliveries = webhooks.map {
            DeliveryRow(
                shard: shard, webhookID: $0, id: Delivery.ID(), tenantID: tenant, eventID: event.id, orderKey: nil,
                key: nil)
        }
        _ = try await pool.transact(InsertEvents([event]), InsertDeliveries(deliveries), InsertWake(of: deliveries))
        _ = try await pool.execute(NotifyWakes())
        return event.id
    }

    /// Owes a delivery of an event that is stored already, as the API does for those who ask for one.
    func owe(_ event: Event.ID, to webhook: Webhook.ID, trigger: Delivery.Trigger) async throws {
        let delivery = DeliveryRow(
            shard: shard, webhookID: webhook, id: Delivery.ID(), tenantID: tenant, eventID: event, orderKey: nil,
            key: nil)
        _ = try await pool.transact(OweDeliveries([delivery], trigger: trigger), InsertWake(of: [delivery]))
        _ = try await pool.execute(NotifyWakes())
    }

    /// A worker's whole life, to be run in a task of the test.
    func life(
        name: String = "worker", slots: Int = 64, patience: Duration = LeaseTable.patience,
        machineTime: @escaping @Sendable () -> Instant = { .now }
    ) throws -> WorkerLife {
        var egress = HTTPEngineConfiguration()
        egress.addresses = AddressPolicy(allow: [CIDR(parsing: "127.0.0.0/8")!])
        var configuration = DeliveryConfiguration(
            databaseURL: database.url(for: .delivery), keys: Self.keys, workerName: name, slots: slots, egress: egress)
        configuration.patience = patience
        configuration.machineTime = machineTime
        return try WorkerLife(
            worker: Worker.ID(), configuration: configuration, meters: DeliveryMeters(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs `body` beside a worker, and ends the worker afterwards as a crash would: without a word.
    func withWorker(
        name: String = "worker", slots: Int = 64, patience: Duration = LeaseTable.patience,
        machineTime: @escaping @Sendable () -> Instant = { .now },
        _ body: () async throws -> Void
    ) async throws {
        let life = try life(name: name, slots: slots, patience: patience, machineTime: machineTime)
        try await Self.with(life, body)
    }

    /// Runs `body` beside this worker, and ends it as a crash would.
    static func with(_ life: WorkerLife, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await life.run() } catch { Issue.record(error) } }
            try await body()
            group.cancelAll()
        }
    }

    struct CountDeliveries: Statement {
        static let sql = "SELECT count(*) FROM deliveries"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
    }

    struct Recorded: Sendable, Equatable {
        let attempt: Int16
        let outcome: Outcome
        let errorClass: ErrorClass?
        let isFinal: Bool
        let status: Int16?
    }

    struct FindRecorded: Statement {
        static let sql = """
            SELECT attempt, outcome, error_class, is_final, status FROM invocations WHERE webhook_id = $1 ORDER BY id
            """
        let webhook: Webhook.ID
        func bind(_ parameters: inout Parameters) { parameters.append(webhook) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Recorded {
            Recorded(
                attempt: try row.column(0), outcome: try row.column(1), errorClass: try row.optional(2),
                isFinal: try row.column(3), status: try row.optional(4))
        }
    }

    func pending() async throws -> Int { try await pool.execute(CountDeliveries()).first ?? -1 }
    func recorded(_ webhook: Webhook.ID) async throws -> [Recorded] {
        try await pool.execute(FindRecorded(webhook: webhook))
    }

    /// Waits for a condition on the tables.
    func wait(_ limit: Duration = .seconds(30), until condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw TimedOut() }
            await TestDatabase.reactor.pause(for: .milliseconds(20))
        }
    }

    struct TimedOut: Error {}
}

extension Identifier {
    /// As PostgreSQL reads it.
    var uuid: String {
        let digits = String(ulid.value, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

extension Stage {
    /// Until somebody waits for a row that another has locked.
    func waitForLock() async throws {
        try await wait { try await pool.execute(CountLockWaits()).first ?? 0 > 0 }
    }
}

private struct CountLockWaits: Statement {
    static let sql = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        """
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}
