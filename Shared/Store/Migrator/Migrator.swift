public import Epoll
public import Logging
public import Postgres

/// Brings a database up to date: numbered steps, forward only, each in one transaction, one program at a time.
///
/// It also makes the day partitions. To run it needs the owner of the database, who may create roles where
/// `deploy/postgres/roles.sql` has not made them.
public struct Migrator: Sendable {
    /// Whoever comes after a migration that waits for a lock waits behind it. So it waits half as long as services do
    /// (2 s), lets those behind it go first, and tries again.
    private static let settings = ["search_path": "martlet", "statement_timeout": "0", "lock_timeout": "1s"]

    private let configuration: PostgresConfiguration
    private let reactor: Reactor
    private let migrations: [Migration]
    private let logger: Logger
    private let patience: Duration

    /// - Parameters:
    ///   - url: the owner's.
    ///   - patience: how long each lock is tried for, those of another program that migrates among them.
    /// - Throws: where libpq cannot read the URL.
    public init(
        url: String, on reactor: Reactor, migrations: [Migration] = Migration.all, patience: Duration = .seconds(600),
        logger: Logger
    ) throws(PostgresError) {
        var configuration = try PostgresConfiguration(
            url: url, applicationName: "martlet-migrate", maximumSessions: 1, sessionSettings: Self.settings)
        configuration.answerLimit = nil  // another program may be at work
        self.configuration = configuration
        self.reactor = reactor
        self.migrations = migrations
        self.patience = patience
        self.logger = logger
    }

    /// Applies what the database has not had yet.
    /// - Returns: the versions that were applied now.
    @discardableResult
    public func migrate() async throws(MigrationError) -> [Int32] {
        let session: PostgresConnection
        do throws(PostgresError) {
            session = try await PostgresConnection.connect(configuration, on: reactor)
        } catch { throw .postgres(error) }
        do throws(MigrationError) {
            let applied = try await migrate(on: session)
            await session.close()
            return applied
        } catch {
            await session.close()
            throw error
        }
    }

    private func migrate(on session: PostgresConnection) async throws(MigrationError) -> [Int32] {
        let done: [FindMigrations.Row]
        do throws(PostgresError) {
            try await insist { () throws(PostgresError) in _ = try await session.execute(LockMigrations()) }
            try await session.run(script: Self.ledger)
            done = try await session.execute(FindMigrations())
        } catch { throw .postgres(error) }
        let pending = try pending(after: done)
        for migration in pending {
            let script = migration.sql + ";\n" + Self.entry(for: migration)
            do throws(PostgresError) {
                try await insist { () throws(PostgresError) in try await session.run(script: script) }
            } catch { throw .failed(version: migration.version, name: migration.name, error) }
            logger.notice(
                "Migration applied",
                metadata: [
                    "migration.version": .stringConvertible(migration.version), "migration.name": "\(migration.name)",
                ])
        }
        do throws(PostgresError) {
            let hasPartitions = migrations.contains { $0.name == "partitions" }
            if hasPartitions { _ = try await session.execute(EnsurePartitions()) }
        } catch { throw .postgres(error) }
        return pending.map(\.version)
    }

    /// Again and again while a lock is not to be had; what failed has left nothing behind.
    private func insist(_ work: () async throws(PostgresError) -> Void) async throws(PostgresError) {
        let deadline = ContinuousClock.now + patience
        while true {
            do throws(PostgresError) {
                return try await work()
            } catch {
                let isLocked = error.sqlState == .lockNotAvailable || error.sqlState == .deadlockDetected
                guard isLocked, !Task.isCancelled, ContinuousClock.now < deadline else { throw error }
                logger.warning("Migration waits", metadata: ["error": "\(error)"])
                await reactor.pause(for: .seconds(1))
            }
        }
    }

    private func pending(after done: [FindMigrations.Row]) throws(MigrationError) -> ArraySlice<Migration> {
        for (migration, row) in zip(migrations, done)
        where migration.version != row.version || migration.checksum != row.checksum {
            throw .changed(version: row.version, name: row.name)
        }
        guard done.count <= migrations.count else {
            throw .databaseIsNewer(database: done.last?.version ?? 0, program: migrations.last?.version ?? 0)
        }
        return migrations[done.count...]
    }

    private static let ledger = """
        CREATE SCHEMA IF NOT EXISTS martlet;
        CREATE TABLE IF NOT EXISTS martlet.schema_migrations (
          version int PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now())
        """

    /// In the same transaction as the migration itself. Names are ours and plain.
    private static func entry(for migration: Migration) -> String {
        let digits = Array("0123456789abcdef")
        let checksum = String(migration.checksum.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        return """
            INSERT INTO martlet.schema_migrations (version, name, checksum)
            VALUES (\(migration.version), '\(migration.name)', '\\x\(checksum)')
            """
    }
}
