public import Epoll
import Foundation
import Logging
public import Postgres
public import Store

/// A migrated database of a test's own, on the server that `MARTLET_DATABASE_URL` names (`scripts/with-postgres`
/// gives one).
///
/// It is a clone of a template, which the first test process to come makes. Use it through ``withDatabase(_:)``.
public struct TestDatabase: Sendable {
    public let name: String
    /// Of the owner, who may do everything.
    public let ownerURL: String

    /// One for all tests: it lives as long as the process.
    public static let reactor = Reactor()

    /// The services' password, on throwaway servers only.
    static let password = "martlet-test"

    init(name: String, server: ServerURL) {
        self.name = name
        ownerURL = server.url(database: name)
    }

    /// For `MARTLET_DATABASE_URL` of a service.
    public func url(for role: ServiceRole) -> String {
        ServerURL(ownerURL).url(database: name, user: role.rawValue, password: Self.password)
    }

    /// A pool with the settings of a service; with no role it is the owner's. Close it before the database goes.
    public func pool(
        as role: ServiceRole? = nil, sessions: Int = 4, on reactor: Reactor = TestDatabase.reactor
    ) throws -> PostgresPool {
        let configuration = try PostgresConfiguration(
            url: role.map(url(for:)) ?? ownerURL, applicationName: "martlet-test", maximumSessions: sessions)
        return PostgresPool(configuration, on: reactor, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A session with the settings of a service; with no role it is the owner's.
    public func connect(as role: ServiceRole? = nil) async throws -> PostgresConnection {
        let configuration = try PostgresConfiguration(
            url: role.map(url(for:)) ?? ownerURL, applicationName: "martlet-test")
        return try await PostgresConnection.connect(configuration, on: Self.reactor)
    }

    /// Runs SQL as the owner.
    public func run(_ sql: String) async throws {
        let session = try await connect()
        do { try await session.run(script: sql) } catch {
            await session.close()
            throw error
        }
        await session.close()
    }
}

/// Lends a database to `body`, and drops it afterwards, whoever is still connected.
/// - Parameter isMigrated: false for one with nothing in it.
public func withDatabase<Value>(
    isMigrated: Bool = true, _ body: (TestDatabase) async throws -> Value
) async throws -> Value {
    let database = try await TestServer.shared.clone(isMigrated: isMigrated)
    do {
        let value = try await body(database)
        try await TestServer.shared.drop(database)
        return value
    } catch {
        try? await TestServer.shared.drop(database)
        throw error
    }
}

/// Lends a migrated database and a pool of it, which is closed afterwards.
public func withPool<Value>(
    as role: ServiceRole? = nil, sessions: Int = 4, _ body: (PostgresPool, TestDatabase) async throws -> Value
) async throws -> Value {
    try await withDatabase { database in
        let pool = try database.pool(as: role, sessions: sessions)
        do {
            let value = try await body(pool, database)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}
