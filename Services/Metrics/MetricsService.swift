import Epoll
import Hosting
import Postgres
import Prometheus
import ServiceLifecycle
import Upkeep

/// Counts what all services did, from the tables, for Prometheus.
@main struct MetricsService {
    static let defaultPort = 8083

    static func main() async {
        await Host(name: "metrics", defaultPort: defaultPort).run { try compose($0) }
    }

    static func compose(_ host: HostContext) throws -> [any Service] {
        let configuration = try MetricsConfiguration(host.settings)
        let reactor = Reactor()
        let pool = PostgresPool(configuration.database, on: reactor, logger: host.logger)
        let upkeep = PostgresPool(configuration.upkeep, on: reactor, logger: host.logger)
        let board = MetricsBoard()
        host.metrics.collect { board.families(at: .now) }
        host.health.require("database") { pool.isReachable && board.isFresh(at: .now) }
        return try canary(host) + [
            PoolKeeper(pool: pool), PoolKeeper(pool: upkeep),
            PartitionKeeper(pool: pool, logger: host.logger),
            QueueSampler(pool: pool, board: board, logger: host.logger),
            DepthSampler(pool: pool, logger: host.logger),
            StatsSampler(pool: pool, board: board, logger: host.logger),
            TableKeeper(
                pool: upkeep, rules: configuration.retention, logger: host.logger,
                success: host.metrics.gauge(
                    "martlet_upkeep_success_timestamp_seconds",
                    help: "When this process rolled counters up and let old days go last; 0: not yet.")),
        ] + samplers(pool, board, configuration, host)
    }
}
