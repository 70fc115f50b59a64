import Epoll
import Foundation
import Logging
import Postgres
import Store

/// The server that tests share: it makes the template once, and clones of it.
actor TestServer {
    static let shared = TestServer()

    /// There is no server to test against.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "MARTLET_DATABASE_URL is not set: run the tests as scripts/with-postgres COMMAND" }
    }

    private var template: Task<String, any Error>?

    /// A clone of the migrated template, or a database with nothing in it.
    func clone(isMigrated: Bool = true) async throws -> TestDatabase {
        let server = try Self.server()
        let template = isMigrated ? try await self.template(on: server) : "template1"
        let name = "martlet_test_" + Self.random()
        try await Self.onServer { try await $0.run(script: "CREATE DATABASE \(name) TEMPLATE \(template)") }
        return TestDatabase(name: name, server: server)
    }

    func drop(_ database: TestDatabase) async throws {
        try await Self.onServer { try await $0.run(script: "DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)") }
    }

    private func template(on server: ServerURL) async throws -> String {
        if let template { return try await template.value }
        let task = Task { try await Self.makeTemplate(on: server) }
        template = task
        return try await task.value
    }

    // MARK: Steps

    private static func server() throws -> ServerURL {
        guard let url = ProcessInfo.processInfo.environment["MARTLET_DATABASE_URL"], !url.isEmpty else {
            throw Missing()
        }
        return ServerURL(url)
    }

    /// Its name tells the day, for which partitions are made, and the migrations: another process finds it ready.
    /// It gets this name when it is finished, so a half-made one is never cloned.
    private static func makeTemplate(on server: ServerURL) async throws -> String {
        let days = Int(Date().timeIntervalSince1970 / 86400)
        let content = Migration.all.flatMap(\.checksum).reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let name = "martlet_template_\(days)_" + String(content, radix: 16)
        try await onServer { session in
            _ = try await session.execute(LockTemplate())
            guard try await session.execute(FindDatabase(name: name)).isEmpty else { return }
            let draft = "martlet_draft_" + random()
            try await session.run(script: "CREATE DATABASE \(draft)")
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let migrator = try Migrator(url: server.url(database: draft), on: TestDatabase.reactor, logger: logger)
            _ = try await migrator.migrate()
            for role in ServiceRole.allCases { try await session.setPassword(TestDatabase.password, of: role) }
            try await session.run(script: "ALTER DATABASE \(draft) RENAME TO \(name)")
        }
        return name
    }

    private static func onServer<Value>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        guard let url = ProcessInfo.processInfo.environment["MARTLET_DATABASE_URL"], !url.isEmpty else {
            throw Missing()
        }
        var configuration = try PostgresConfiguration(
            url: url, applicationName: "martlet-test", sessionSettings: ["statement_timeout": "0"])
        configuration.answerLimit = .seconds(120)  // for the lock, and for a machine under load
        configuration.connectLimit = .seconds(30)
        let session = try await PostgresConnection.connect(configuration, on: TestDatabase.reactor)
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }

    private static func random() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }
}

/// One process at a time makes the template. The lock ends with the session.
private struct LockTemplate: Statement {
    static let sql = "SELECT pg_advisory_lock(hashtextextended('martlet.template', 0))"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

private struct FindDatabase: Statement {
    static let sql = "SELECT 1 FROM pg_database WHERE datname = $1"
    let name: String
    func bind(_ parameters: inout Parameters) { parameters.append(name) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
