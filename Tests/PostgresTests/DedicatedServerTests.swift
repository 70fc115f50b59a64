import Foundation
import Logging
import Postgres
import Store
import TestSupport
import Testing

/// deploy/postgres/postgresql.conf, as PostgreSQL itself reads it.
@Suite struct DedicatedServerTests {
    @Test func aServerStartsWithTheSettingsAndTakesTheSchema() async throws {
        let text = try String(contentsOfFile: Repository.root + "/deploy/postgres/postgresql.conf", encoding: .utf8)
        let names = Set(text.matches(of: #/(?m)^([a-z_]+) = /#).map { String($0.1) })
        #expect(names.count > 25 && names.isSuperset(of: ["shared_buffers", "synchronous_commit", "max_wal_size"]))
        let cluster = try await Cluster(settings: text)
        do { try await check(cluster, names) } catch {
            await cluster.remove()
            throw error
        }
        await cluster.remove()
    }

    private func check(_ cluster: Cluster, _ names: Set<String>) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let migrator = try Migrator(url: cluster.url(), on: TestDatabase.reactor, logger: logger)
        #expect(try await migrator.migrate() == Migration.all.map(\.version))
        let configuration = try PostgresConfiguration(url: cluster.url(), applicationName: "test")
        let session = try await PostgresConnection.connect(configuration, on: TestDatabase.reactor)
        let read = try await session.execute(ReadSettings())
        #expect(Set(read.map(\.name)) == names)
        // Cluster itself turns this one off: it is a test.
        for setting in read { #expect(setting.isApplied || setting.name == "fsync", "\(setting.name)") }
        #expect(read.allSatisfy { $0.error == nil }, "\(read.compactMap(\.error))")
        await session.close()
    }
}

/// What the server made of each line of martlet.conf.
private struct ReadSettings: Statement {
    static let sql = "SELECT name, applied, error FROM pg_file_settings WHERE sourcefile LIKE '%/martlet.conf'"

    struct Row {
        let name: String
        let isApplied: Bool
        let error: String?
    }

    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(name: try row.column(0), isApplied: try row.column(1), error: try row.optional(2))
    }
}
