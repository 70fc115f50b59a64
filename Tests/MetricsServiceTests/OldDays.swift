import Epoll
import Logging
import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import MetricsService

/// A tenant with one webhook and a history of many days, and what lets them go.
final class OldDays: Sendable {
    let database: TestDatabase
    let owner: PostgresPool
    let upkeep: PostgresPool
    let tenant: Tenant
    let webhook: Webhook.ID
    let rules = RetentionRules(days: 30, statsDays: 400)

    private init(
        _ database: TestDatabase, owner: PostgresPool, upkeep: PostgresPool, tenant: Tenant, webhook: Webhook.ID
    ) {
        self.database = database
        self.owner = owner
        self.upkeep = upkeep
        self.tenant = tenant
        self.webhook = webhook
    }

    static func run(_ body: (OldDays) async throws -> Void) async throws {
        try await withPool { owner, database in
            let record = try await owner.execute(
                CreateTenant(identifier: "acme", name: "", shard: Shard.all[5], signatureSecret: [1]))
            let tenant = try #require(record.first?.tenant)
            let configuration = WebhookConfiguration(name: "w", url: "https://example.com/", events: ["order-created"])
            let made = try await owner.execute(CreateWebhook(tenant: tenant.id, configuration: configuration))
            let upkeep = try keeper(database)
            let days = OldDays(
                database, owner: owner, upkeep: upkeep, tenant: tenant, webhook: try #require(made.first).id)
            do {
                try await body(days)
                await upkeep.close()
            } catch {
                await upkeep.close()
                throw error
            }
        }
    }

    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameter pool: of a process that may die.
    func pass(on pool: PostgresPool? = nil) async throws {
        try await TableKeeper(pool: pool ?? upkeep, rules: rules, logger: Self.silence).pass()
    }

    /// The session of another process.
    func keeper() throws -> PostgresPool { try Self.keeper(database) }

    private static func keeper(_ database: TestDatabase) throws -> PostgresPool {
        PostgresPool(
            try MetricsConfiguration.upkeep(url: database.url(for: .metrics)), on: TestDatabase.reactor,
            logger: silence)
    }

    /// Noon of the day, so many days ago.
    static func noon(_ age: Int) -> Instant {
        let day = Instant.now.microseconds / 86_400_000_000 - Int64(age)
        return Instant(microseconds: day * 86_400_000_000 + 43_200_000_000)
    }

    private static let made = Mutex(UInt64(0))

    /// One of that time, growing; the generator of all others never goes back.
    static func ulid(_ instant: Instant) -> ULID {
        ULID(
            milliseconds: instant.milliseconds,
            random: UInt128(
                made.withLock {
                    $0 += 1; return $0
                }))
    }

    func makeDay(_ age: Int) async throws {
        try await database.run(
            """
            SELECT martlet.ensure_partition(p, (now() AT TIME ZONE 'UTC')::date - \(age))
              FROM unnest(ARRAY['events', 'event_keys', 'invocations', 'delivery_stats']) p
            """)
    }

    /// Accepts events, each with one invocation that is packed with its data.
    /// - Parameter sentAge: when they were sent, if not on their day.
    @discardableResult
    func accept(_ count: Int, age: Int, sentAge: Int? = nil, on pool: PostgresPool? = nil) async throws -> [Event.ID] {
        let accepted = Self.noon(age)
        let sent = Self.noon(sentAge ?? age)
        var events: [EventRow] = []
        var rows: [InvocationRow] = []
        var stats = DeliveryStatsRow(
            shard: tenant.shard, webhookID: webhook, tenantID: tenant.id, minute: sent.startOfMinute)
        for number in 0..<count {
            let id = Event.ID(Self.ulid(accepted))
            let data = Array(#"{"number":\#(number),"text":"\#(String(repeating: "martlet ", count: 40))"}"#.utf8)
            events.append(
                EventRow(
                    shard: tenant.shard, tenantID: tenant.id, id: id, resourceKey: nil, type: "order-created",
                    resourceID: nil, occurredAt: nil, traceparent: nil, data: StoredPayload.encode(data), related: nil,
                    key: nil))
            let invocation = Invocation(
                id: Invocation.ID(Self.ulid(sent)), shard: tenant.shard, tenantID: tenant.id, webhookID: webhook,
                eventID: id,
                deliveryID: Delivery.ID(Self.ulid(accepted)), eventType: "order-created", attempt: 1, trigger: .event,
                startedAt: sent, duration: .milliseconds(number + 1), outcome: .succeeded, isFinal: true, status: 204,
                request: RecordedRequest(
                    method: "POST", url: "https://example.com/", headers: [], payload: data, isTruncated: false))
            rows.append(InvocationRow(invocation, eventData: data))
            stats.count(invocation)
        }
        _ = try await (pool ?? owner).transact(InsertEvents(events), InsertInvocations(rows), AddDeliveryStats([stats]))
        return events.map(\.id)
    }

    /// The webhook's history as the API lists it.
    func listed(limit: Int = 1000) async throws -> [Invocation] {
        try await owner.execute(
            ListInvocations(
                InvocationSelection(shard: tenant.shard, tenant: tenant.id, webhook: webhook, limit: limit)))
    }

    func partitions(_ table: Partition.Table) async throws -> [Int] {
        try await owner.execute(FindPartitions()).filter { $0.partition.table == table && $0.age > 1 }.map(\.age)
    }

    func count(_ sql: String) async throws -> Int { try await owner.execute(Count(sql: sql)).first ?? -1 }

    /// Counts by a statement that the owner's session runs as it is.
    private struct Count: Statement {
        static let sql = """
            SELECT (xpath('/row/count/text()', query_to_xml($1, false, true, '')))[1]::text::bigint
            """
        let sql: String
        func bind(_ parameters: inout Parameters) { parameters.append(sql) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
    }

    /// Waits for a condition, for at most 30 s.
    func wait(until condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw TimedOut() }
            await TestDatabase.reactor.pause(for: .milliseconds(20))
        }
    }

    struct TimedOut: Error {}
}
