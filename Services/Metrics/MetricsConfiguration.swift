import Hosting
import Postgres

/// The settings of the metrics service, read once at its start.
///
/// - `MARTLET_DATABASE_URL` (text, required): as role `martlet_metrics`.
struct MetricsConfiguration: Sendable {
    let database: PostgresConfiguration

    init(_ settings: Settings) throws {
        database = try settings.required("database.url", expected: "a PostgreSQL URL") {
            try PostgresConfiguration(url: $0, applicationName: "martlet-metrics", maximumSessions: 3)
        }
    }
}
