import Curl
import Hosting
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Sending
import Store
import Tenancy
import TestSupport
import Webhooks

@testable import APIService

let testKeys = "test:" + Base64.encode([UInt8](repeating: 7, count: 32))

/// Lends the API over a database of its own, with the tenant `acme` in it, logged in as the API's own role.
func withAPI(
    addresses: AddressPolicy = AddressPolicy(), _ body: @Sendable (TestAPI, TestDatabase) async throws -> Void
) async throws {
    try await Gate.shared.enter()
    defer { Gate.shared.leave() }
    try await withPool(as: .api) { pool, database in
        try await withAPI(over: pool, addresses: addresses) { api in
            try await api.makeTenant("acme")
            try await body(api, database)
        }
    }
}

/// Lets a few databases be in use at one time: a throwaway server has a hundred sessions for all tests together.
final class Gate: Sendable {
    static let shared = Gate(places: 4)

    private let places: AsyncStream<Void>
    private let free: AsyncStream<Void>.Continuation

    init(places count: Int) {
        (places, free) = AsyncStream.makeStream()
        for _ in 0..<count { free.yield() }
    }

    func enter() async throws {
        for await _ in places { return }
        throw CancellationError()
    }

    func leave() { free.yield() }
}

/// Lends the API over a pool.
func withAPI(
    over pool: PostgresPool, addresses: AddressPolicy = AddressPolicy(),
    _ body: @Sendable (TestAPI) async throws -> Void
) async throws {
    let context = HostContext(name: "api", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    var egress = HTTPEngineConfiguration()
    egress.addresses = addresses
    let parts = APIParts(
        pool: pool, keys: try EncryptionKeys(parsing: testKeys), catalogue: .standard, addresses: addresses,
        tests: TestSender(
            sender: .make(engine: try HTTPEngine(on: TestDatabase.reactor, configuration: egress)),
            signatureLifetime: .seconds(300)),
        egress: ["192.0.2.0/24"], logger: context.logger)
    context.problems.translate(APIRouter.problem)
    APIRouter(parts: parts, verifier: AccessTokenVerifier(secret: TestAPI.secret)).add(to: context.router)
    let routes = context.router.routes.map { (method: $0.method, path: $0.path.description) }
    try await context.application().test(.router) { client in
        try await body(TestAPI(client: client, routes: routes))
    }
}

extension TestDatabase {
    /// Rows of a table, as the owner sees them.
    func count(_ table: String) async throws -> Int {
        let session = try await connect()
        let rows = try await session.execute(CountRows(table: table))
        await session.close()
        return rows.first ?? -1
    }

    /// Statements as the owner, in one transaction.
    func transact<each S: Statement>(_ statements: repeat each S) async throws {
        let session = try await connect()
        do { _ = try await session.transact(repeat each statements) } catch {
            await session.close()
            throw error
        }
        await session.close()
    }
}

/// Counts by way of `query_to_xml`, as a table's name cannot be a parameter.
private struct CountRows: Statement {
    static let sql = """
        SELECT (xpath('//n/text()', query_to_xml(
                 'SELECT count(*) n FROM martlet.' || quote_ident($1), false, true, '')))[1]::text::bigint
        """
    let table: String
    func bind(_ parameters: inout Postgres.Parameters) { parameters.append(table) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { Int(try row.column(0) as Int64) }
}
