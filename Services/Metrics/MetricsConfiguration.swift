import Hosting
import Postgres

/// The settings of the metrics service, read once at its start; those of the canary are ``CanaryConfiguration``'s.
///
/// - `MARTLET_DATABASE_URL` (text, required): as role `martlet_metrics`.
/// - `MARTLET_RETENTION_DAYS` (1–3650; 30): how long events, their deliveries' history and minutes of counters stay.
///   The delivery service needs the same.
/// - `MARTLET_STATS_RETENTION_DAYS` (1–3650; 400): how long counters by hour and day stay.
/// - `MARTLET_METRICS_TENANTS` (0–1000; 20): how many of the busiest tenants, and of those with most failures, have
///   series of their own.
struct MetricsConfiguration: Sendable {
    let database: PostgresConfiguration
    /// For what may take long: rolling up, and letting days go.
    let upkeep: PostgresConfiguration
    let retention: RetentionRules
    let tenants: Int

    init(_ settings: Settings) throws {
        database = try settings.required("database.url", expected: "a PostgreSQL URL") {
            try PostgresConfiguration(url: $0, applicationName: "martlet-metrics", maximumSessions: 3)
        }
        upkeep = try settings.required("database.url", expected: "a PostgreSQL URL") {
            try Self.upkeep(url: $0)
        }
        retention = RetentionRules(
            days: try settings.int("retention.days", default: 30, in: 1...3650),
            statsDays: try settings.int("stats.retention.days", default: 400, in: 1...3650))
        tenants = try settings.int("metrics.tenants", default: 20, in: 0...1000)
    }

    /// One session, which holds the lock, with room for a shard's day.
    static func upkeep(url: String) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(
            url: url, applicationName: "martlet-metrics-upkeep", maximumSessions: 1,
            sessionSettings: PostgresConfiguration.standardSettings.merging(["statement_timeout": "60s"]) { $1 })
        configuration.answerLimit = .seconds(90)
        return configuration
    }
}
