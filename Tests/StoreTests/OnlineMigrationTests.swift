import Logging
import Postgres
import Store
import Testing
import TestSupport

/// Migrations run while services of the version before are at work: whoever waits for one waits less than a service's
/// own limit for locks, and none reads or rewrites a table that grows with the traffic.
@Suite struct OnlineMigrationTests {
    /// Those before were made when nobody ran Martlet yet.
    static let all = Migration.all.filter { $0.version > 11 }

    private static let name = "martlet-migrate"

    private func migrate(_ database: TestDatabase, before version: Int32) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        _ = try await Migrator(
            url: database.ownerURL, on: TestDatabase.reactor,
            migrations: Migration.all.filter { $0.version < version }, patience: .seconds(60), logger: logger
        ).migrate()
    }

    @Test("Nobody waits long for a migration", arguments: all)
    func locks(migration: Migration) async throws {
        try await withDatabase(isMigrated: false) { database in
            try await migrate(database, before: migration.version)
            let holder = try await database.connect()
            let writer = try await database.connect()  // with the limits of a service
            let tables = try await writer.execute(FindTables())
            #expect(tables.contains("events") && tables.contains("deliveries") && tables.contains("tenants"))
            // What a long statement holds, of a tenant's list or of a batch: each table read and written.
            let touches = tables.map { "SELECT FROM \($0) LIMIT 1; LOCK TABLE ONLY \($0) IN ROW EXCLUSIVE MODE;" }
            try await holder.run(
                script: "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; " + touches.joined())
            async let migrated: Void = migrate(database, before: migration.version + 1)
            // Meanwhile a service writes, every table again and again: a lock that it does not get fails the test.
            let watcher = try await database.connect()
            var hasWaited = false
            var rounds = 0
            while rounds < 3 {
                for touch in touches { try await writer.run(script: touch) }
                let isWaiting = try await watcher.execute(CountWaiting(name: Self.name)).first ?? 0 > 0
                let isDone = try await watcher.execute(FindMigrations()).contains { $0.version == migration.version }
                hasWaited = hasWaited || isWaiting
                if hasWaited || isDone { rounds += 1 }
            }
            try await holder.run(script: "COMMIT")
            try await migrated
            #expect(try await watcher.execute(FindMigrations()).last?.version == migration.version)
            for session in [holder, writer, watcher] { await session.close() }
        }
    }

    @Test("No migration reads or rewrites a large table", arguments: all)
    func work(migration: Migration) async throws {
        try await withDatabase(isMigrated: false) { database in
            try await migrate(database, before: migration.version)
            #expect(try await costs(of: migration.sql, in: database) == [])
        }
    }

    @Test(
        "What is looked for is found",
        arguments: [
            ("CREATE INDEX ON martlet.deliveries (event_id)", "deliveries is locked, deliveries is read"),
            ("ALTER TABLE martlet.wakes ALTER due_at TYPE text", "wakes is read, wakes is rewritten"),
            ("ALTER TABLE martlet.deliveries ADD CHECK (attempt >= 0)", "deliveries is read"),
            ("ALTER TABLE martlet.deliveries ADD CONSTRAINT a CHECK (attempt >= 0) NOT VALID", ""),
            ("UPDATE martlet.events SET traceparent = NULL", "events_default is read"),
            ("ALTER TABLE martlet.events ADD COLUMN a text", ""),
            ("ALTER TABLE martlet.deliveries ADD COLUMN a uuid DEFAULT gen_random_uuid()", "deliveries is rewritten"),
        ])
    func check(sql: String, expected: String) async throws {
        try await withDatabase { database in
            let costs = try await costs(of: sql, in: database).filter { !$0.contains("_2") }  // days come and go
            let wanted = expected.split(separator: ", ").map(String.init)
            #expect(costs.count(where: wanted.contains) == wanted.count && costs.isEmpty == wanted.isEmpty, "\(costs)")
        }
    }

    /// What SQL does to tables that grow with the traffic, in a transaction that is not kept.
    private func costs(of sql: String, in database: TestDatabase) async throws -> [String] {
        let session = try await database.connect()
        try await session.run(
            script: "CREATE TEMPORARY TABLE before AS SELECT oid, relfilenode FROM pg_class WHERE relkind = 'r'")
        try await session.run(script: "BEGIN; SET LOCAL enable_seqscan = on; " + sql)
        let costs = try await session.execute(FindCosts())
        try await session.run(script: "ROLLBACK")
        await session.close()
        return costs
    }
}

/// The tables, each without its partitions.
private struct FindTables: Statement {
    static let sql = """
        SELECT c.relname::text FROM pg_class c
         WHERE c.relnamespace = 'martlet'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
        """
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
}

/// Sessions of a program that wait for a lock of a table.
private struct CountWaiting: Statement {
    static let sql = """
        SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE NOT l.granted AND l.locktype = 'relation' AND a.application_name = $1
        """
    let name: String
    func bind(_ parameters: inout Parameters) { parameters.append(name) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}

/// What this transaction has done to large tables that were there before: those of the data plane.
private struct FindCosts: Statement {
    static let sql = """
        WITH large AS (
          SELECT c.oid, c.relname, c.relfilenode <> b.relfilenode AS rewritten
            FROM pg_class c JOIN before b ON b.oid = c.oid
           WHERE c.relnamespace = 'martlet'::regnamespace
             AND (c.relispartition OR c.relname IN ('deliveries', 'wakes')))
        SELECT relname || ' is locked' FROM large JOIN pg_locks l ON l.relation = oid
         WHERE l.pid = pg_backend_pid() AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock')
        UNION SELECT relname || ' is read' FROM large WHERE pg_stat_get_xact_numscans(oid) > 0
        UNION SELECT relname || ' is rewritten' FROM large WHERE rewritten ORDER BY 1
        """
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
}
