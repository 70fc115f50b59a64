import Epoll
import Hosting
import Logging
import Postgres
import ServiceLifecycle
import Store
import Tenancy
import Upkeep
import Webhooks

/// The ingester's parts, wired.
struct Ingester: Sendable {
    let pool: PostgresPool
    let writer: BatchWriter
    let buffer: IntakeBuffer
    /// In the order of starting; they end in the reverse one, after the HTTP server.
    let services: [any Service]

    /// Makes the parts and adds the routes; starts nothing but the database's sessions.
    static func compose(_ host: HostContext) async throws -> Ingester {
        let configuration = try IngesterConfiguration(host.settings)
        let verifier = try await AccessTokenVerifier(settings: host.settings, logger: host.logger)
        return Ingester(configuration, verifier: verifier, in: host)
    }

    init(_ configuration: IngesterConfiguration, verifier: AccessTokenVerifier, in host: HostContext) {
        let reactor = Reactor()
        let pool = PostgresPool(configuration.database, on: reactor, logger: host.logger)
        let notifications = PostgresPool(configuration.notifications, on: reactor, logger: host.logger)
        let metrics = IngesterMetrics(host.metrics)
        let notifier = WakeNotifier(pool: notifications, reactor: reactor, logger: host.logger)
        let directory = SubscriptionDirectory(pool: pool, limit: configuration.directoryLimit)
        let writer = BatchWriter(
            pool: pool, directory: directory, notifier: notifier, metrics: metrics, logger: host.logger)
        let buffer = IntakeBuffer(committers: configuration.committers, reactor: reactor, write: writer.write)
        self.pool = pool
        self.writer = writer
        self.buffer = buffer
        services =
            [
                PoolKeeper(pool: pool), PoolKeeper(pool: notifications),
                PartitionKeeper(pool: pool, logger: host.logger),
                notifier, buffer,
            ] + verifier.services

        host.health.require("database") {
            _ = try await pool.execute(FindTenant(identifier: ""))  // answers only where there are tables too
            return true
        }
        host.health.require("keys") { verifier.isReady }
        host.problems.translate { ($0 as? PostgresError)?.meansUnavailable == true ? .unavailable() : nil }
        EventRoutes(
            intake: EventIntake(
                catalogue: .standard, directory: directory, buffer: buffer, metrics: metrics,
                isNoting: host.logger.logLevel <= .debug),
            budget: IntakeBudget(limit: configuration.budget), isReachable: { pool.isReachable }
        ).add(
            to: host.router.tenantRoutes(
                verifier: verifier, keys: APIKeyDirectory(pool: pool, waits: false), directory: TenantCache(pool: pool))
        )
    }
}
