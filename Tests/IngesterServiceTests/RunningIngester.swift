import Epoll
import Foundation
import Hosting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Postgres
import ServiceLifecycle
import Store
import Tenancy
import TestSupport
import Webhooks

@testable import IngesterService

/// The whole ingester on a real database, without its port: requests go through its router.
struct RunningIngester: Sendable {
    static let secret = "a secret of the tests, long enough for HS256"

    let ingester: Ingester
    let client: any TestClientProtocol
    /// What the router knows, HEAD left out: `POST /company/events`.
    var routes: Set<String> = []

    static func token(tenants: [String] = ["*"], permissions: [Permission] = [.eventsWrite]) throws -> String {
        try TokenIssuer(secret: secret).token(subject: "test", tenants: tenants, permissions: permissions)
    }

    static func with<Value: Sendable>(
        _ url: String, settings: [String: String] = [:], waits: Bool = true,
        _ body: @escaping @Sendable (RunningIngester) async throws -> Value
    ) async throws -> Value {
        var environment = settings
        environment["MARTLET_DATABASE_URL"] = url
        environment["MARTLET_JWT_SECRET"] = secret
        let host = HostContext(
            name: "ingester", settings: Settings(environment: environment),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let ingester = try await Ingester.compose(host)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for service in ingester.services { group.addTask { try await service.run() } }
            defer { group.cancelAll() }
            let routes = Set(
                host.router.routes.filter { $0.method != .head }.map { "\($0.method.rawValue) \($0.path)" })
            return try await host.application().test(.router) { client in
                if waits { _ = try await eventually { ingester.pool.isReachable } }
                return try await body(RunningIngester(ingester: ingester, client: client, routes: routes))
            }
        }
    }

    /// An answer, read.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: JSONValue?

        var code: String? { body?.member("code")?.string }
        var fields: [String] { body?.member("errors")?.elements.compactMap { $0.member("field")?.string } ?? [] }
        var id: String? { body?.member("id")?.string }
        var isDuplicate: Bool? { body?.member("duplicate")?.bool }
        var deliveries: Int64? { body?.member("deliveries")?.integer }
        var events: [JSONValue] { body?.member("events").map { Array($0.elements) } ?? [] }
        var ids: [String] { events.compactMap { $0.member("id")?.string } }
    }

    func post(
        _ body: String, to tenant: String = Fixture.identifier, type: String? = "application/json",
        token: String? = try? token(), headers: [(String, String)] = []
    ) async throws -> Answer {
        var fields = HTTPFields()
        fields[.contentType] = type
        fields[.authorization] = token.map { "Bearer " + $0 }
        if !tenant.isEmpty { fields[.xTenantID] = tenant }
        for (name, value) in headers { fields.append(HTTPField(name: HTTPField.Name(name)!, value: value)) }
        return try await client.execute(
            uri: "/company/events", method: .post, headers: fields, body: ByteBuffer(string: body)
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                body: try? JSONDocument(parsing: Array(response.body.readableBytesView)).root)
        }
    }

    func scrape() async throws -> String {
        try await client.execute(uri: "/metrics", method: .get) { String(buffer: $0.body) }
    }
}

/// A tenant, webhooks, and what is in the tables afterwards.
struct Fixture: Sendable {
    static let identifier = "acme"

    let owner: PostgresPool
    let tenant: Tenant

    static func make(
        in database: TestDatabase, identifier: String = identifier, settings: TenantSettings = TenantSettings()
    ) async throws -> Fixture {
        let owner = try database.pool()
        let rows = try await owner.execute(
            CreateTenant(identifier: identifier, name: identifier, settings: settings, signatureSecret: [1]))
        return Fixture(owner: owner, tenant: rows[0].tenant)
    }

    @discardableResult
    func subscribe(
        _ events: String..., ordering: WebhookConfiguration.Ordering = .none, filter: String? = nil,
        dialect: Dialect? = nil
    ) async throws -> Webhook.ID {
        var configuration = WebhookConfiguration(name: "test", url: "http://127.0.0.1:9/", events: events)
        configuration.ordering = ordering
        configuration.filter = filter
        configuration.dialect = dialect
        let change = CreateWebhook(tenant: tenant.id, configuration: configuration)
        return try await owner.transact(SetTenantContext(tenant: tenant.id), change).1[0].id
    }

    func count(_ table: Table) async throws -> Int {
        switch table {
        case .events: try await owner.execute(CountEvents())[0]
        case .deliveries: try await owner.execute(CountDeliveries())[0]
        case .keys: try await owner.execute(CountKeys())[0]
        case .wakes: try await owner.execute(CountWakes())[0]
        }
    }

    enum Table { case events, deliveries, keys, wakes }
}

private struct CountEvents: Counting { static let sql = "SELECT count(*) FROM events" }
private struct CountDeliveries: Counting { static let sql = "SELECT count(*) FROM deliveries" }
private struct CountKeys: Counting { static let sql = "SELECT count(*) FROM event_keys" }
private struct CountWakes: Counting { static let sql = "SELECT count(*) FROM wakes WHERE shards <> '{}'" }

/// A statement that gives one number.
protocol Counting: Statement where Row == Int {}
extension Counting {
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}

/// A running ingester with a tenant, on a database of its own.
func withIngester<Value: Sendable>(
    settings: [String: String] = [:], tenant: TenantSettings = TenantSettings(),
    _ body: @escaping @Sendable (RunningIngester, Fixture, TestDatabase) async throws -> Value
) async throws -> Value {
    try await withDatabase { database in
        let fixture = try await Fixture.make(in: database, settings: tenant)
        do {
            let value = try await RunningIngester.with(database.url(for: .ingester), settings: settings) {
                try await body($0, fixture, database)
            }
            await fixture.owner.close()
            return value
        } catch {
            await fixture.owner.close()
            throw error
        }
    }
}

/// Waits for `condition`, ten seconds at most.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}
