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
        let pool = PostgresPool(configuration.database, on: Reactor(), logger: host.logger)
        let board = MetricsBoard()
        host.metrics.collect { board.families(at: .now) }
        host.health.require("database") { pool.isReachable && board.isFresh(at: .now) }
        return [
            PoolKeeper(pool: pool),
            PartitionKeeper(pool: pool, logger: host.logger),
            QueueSampler(pool: pool, board: board, logger: host.logger),
            StatsSampler(pool: pool, board: board, logger: host.logger),
        ]
    }
}
