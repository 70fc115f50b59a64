import Curl
import Epoll
import Hosting
import Postgres
import ServiceLifecycle
import Tenancy
import Upkeep
import Webhooks

/// The API: tenants manage webhooks and read their history, the operator manages tenants.
@main
struct APIService {
    static func main() async {
        await Host(name: "api", defaultPort: 8080).run { try await compose($0) }
    }

    /// Reads the settings, enters the routes; nothing runs yet but the pool.
    static func compose(_ context: HostContext) async throws -> [any Service] {
        let configuration = try APIConfiguration(context.settings)
        let verifier = try await AccessTokenVerifier(settings: context.settings, logger: context.logger)
        let pool = PostgresPool(configuration.database, on: Reactor(), logger: context.logger)
        let parts = APIParts(
            pool: pool, keys: configuration.keys, catalogue: .standard, addresses: configuration.egress.addresses,
            tests: try TestSender(configuration),
            egress: configuration.egressAddresses.map(\.description), publicURL: configuration.publicURL,
            logger: context.logger)
        context.health.require("database") {
            try await pool.check()
            return true
        }
        context.health.require("keys") { verifier.isReady }
        context.problems.translate(APIRouter.problem)
        APIRouter(parts: parts, verifier: verifier).add(to: context.router)
        let keepers: [any Service] = [
            PoolKeeper(pool: pool), IdempotencyKeeper(pool: pool, logger: context.logger), PortalKeeper(context, pool),
        ]
        return keepers + verifier.services
    }
}
