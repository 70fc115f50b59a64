import Hosting
import Postgres

/// The settings of the ingester, beside those of every service (``Hosting``) and of tokens (``Tenancy``).
///
/// - `MARTLET_DATABASE_URL` (text, required): PostgreSQL, as the role `martlet_ingester`.
/// - `MARTLET_INGEST_COMMITTERS` (1–16; 1): commits under way at once. One makes the largest batches.
/// - `MARTLET_INGEST_MEMORY_MIB` (8–4096; 48): request bodies over 64 KiB in memory at once, in MiB.
/// - `MARTLET_INGEST_DIRECTORY` (1000–100000000; 200000): tenants and webhooks kept in memory, all in all.
struct IngesterConfiguration: Sendable {
    /// For batches and for what requests look up.
    let database: PostgresConfiguration
    /// For NOTIFY, and for nothing else: one session.
    let notifications: PostgresConfiguration
    let committers: Int
    let budget: Int
    let directoryLimit: Int

    /// - Throws: ``SettingError``.
    init(_ settings: Settings) throws(SettingError) {
        committers = try settings.int("ingest.committers", default: 1, in: 1...16)
        budget = try settings.int("ingest.memory.mib", default: 48, in: 8...4096) << 20
        directoryLimit = try settings.int("ingest.directory", default: 200_000, in: 1000...100_000_000)
        // Each committer has a session; two more serve look-ups, so that these never wait for a commit.
        let sessions = committers + 2
        let expected = "a URL as postgres://user:password@host/database"
        var database = try settings.required("database.url", expected: expected) {
            try PostgresConfiguration(url: $0, applicationName: "martlet-ingester", maximumSessions: sessions)
        }
        // A producer that is told 503 soon can go elsewhere or try again; a thousand that wait cannot.
        database.waitLimit = .seconds(2)
        self.database = database
        var notifications = try settings.required("database.url", expected: expected) {
            try PostgresConfiguration(url: $0, applicationName: "martlet-ingester notify", maximumSessions: 1)
        }
        notifications.waitLimit = .seconds(2)
        self.notifications = notifications
    }
}
