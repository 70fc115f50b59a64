import Logging
import Postgres
import Store
import Testing
import TestSupport

@Suite struct MigratorTests {
    private func migrate(_ database: TestDatabase, _ migrations: [Migration] = Migration.all) async throws -> [Int32] {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await Migrator(
            url: database.ownerURL, on: TestDatabase.reactor, migrations: migrations, logger: logger
        ).migrate()
    }

    private static let first = Migration(
        version: 1, name: "one", sql: "CREATE TABLE a (n int); INSERT INTO a VALUES (1);")

    @Test("The whole schema is made once, and the second run finds nothing to do")
    func twice() async throws {
        try await withDatabase(isMigrated: false) { database in
            #expect(try await migrate(database) == Migration.all.map(\.version))
            #expect(try await migrate(database).isEmpty)
            let session = try await database.connect()
            #expect(try await session.execute(FindMigrations()).map(\.version) == Migration.all.map(\.version))
            #expect(try await session.execute(EnsurePartitions()) == [0])
            await session.close()
        }
    }

    @Test("Two programs at once: one migrates, the other finds it done")
    func race() async throws {
        try await withDatabase(isMigrated: false) { database in
            async let one = migrate(database)
            async let two = migrate(database)
            let counts = try await [one.count, two.count]
            #expect(counts.sorted() == [0, Migration.all.count])
        }
    }

    @Test("A changed text and a newer database are errors")
    func refusals() async throws {
        try await withDatabase(isMigrated: false) { database in
            let second = Migration(version: 2, name: "two", sql: "CREATE TABLE b (n int)")
            let both = try await migrate(database, [Self.first, second])
            #expect(both == [1, 2])
            let changed = Migration(version: 1, name: "one", sql: Self.first.sql + " ")
            await #expect(throws: MigrationError.changed(version: 1, name: "one")) {
                try await migrate(database, [changed, second])
            }
            await #expect(throws: MigrationError.databaseIsNewer(database: 2, program: 1)) {
                try await migrate(database, [Self.first])
            }
            let third = Migration(version: 3, name: "three", sql: "CREATE TABLE c (n int)")
            let last = try await migrate(database, [Self.first, second, third])
            #expect(last == [3])
        }
    }

    @Test("A migration that fails leaves nothing behind, and can be tried again")
    func failure() async throws {
        try await withDatabase(isMigrated: false) { database in
            let bad = Migration(version: 2, name: "two", sql: "CREATE TABLE b (n int); SELECT 1 / 0;")
            do {
                _ = try await migrate(database, [Self.first, bad])
                Issue.record("it did not fail")
            } catch MigrationError.failed(let version, let name, let error) {
                #expect(version == 2 && name == "two" && error.sqlState == "22012")
            }
            let good = Migration(version: 2, name: "two", sql: "CREATE TABLE b (n int)")
            let again = try await migrate(database, [Self.first, good])
            #expect(again == [2])
        }
    }

    @Test("Numbers ascend")
    func numbers() {
        let numbers = Migration.all.map(\.version)
        #expect(numbers.first == 1 && zip(numbers, numbers.dropFirst()).allSatisfy(<))
        #expect(Migration.all.allSatisfy { !$0.sql.isEmpty })
    }
}
