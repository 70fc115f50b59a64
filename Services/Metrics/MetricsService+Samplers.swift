import Hosting
import Postgres
import ServiceLifecycle
import Store
import Webhooks

extension MetricsService {
    /// What is sampled by itself, each at its own pace.
    static func samplers(
        _ pool: PostgresPool, _ board: MetricsBoard, _ configuration: MetricsConfiguration, _ host: HostContext
    ) -> [any Service] {
        let limit = configuration.tenants
        return [
            SectionSampler(section: .lanes, interval: .seconds(5), board: board, logger: host.logger) {
                try await pool.execute(SampleLanes()).first.map(OperationFamilies.lanes) ?? []
            },
            SectionSampler(section: .server, interval: .seconds(15), board: board, logger: host.logger) {
                try await pool.execute(SamplePostgres()).first.map(OperationFamilies.server) ?? []
            },
            SectionSampler(section: .tables, interval: .seconds(30), board: board, logger: host.logger) {
                OperationFamilies.tables(try await pool.execute(SampleTables()))
            },
            SectionSampler(section: .tenants, interval: .seconds(10), board: board, logger: host.logger) {
                let since = (Instant.now - .seconds(300)).startOfMinute
                return OperationFamilies.tenants(
                    try await pool.execute(SampleTenants(since: since, limit: limit, without: Canary.tenant)))
            },
        ]
    }
}
