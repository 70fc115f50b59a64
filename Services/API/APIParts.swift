import Curl
import Hosting
import Hummingbird
import JSON
import Logging
import Postgres
import Store
import Webhooks

/// What the routes stand on: the database, the keys of secrets, and what webhooks are judged by.
struct APIParts: Sendable {
    let pool: PostgresPool
    let keys: EncryptionKeys
    let catalogue: EventCatalogue
    let addresses: AddressPolicy
    let tests: TestSender
    /// Where requests to receivers come from: CIDR ranges.
    let egress: [String]
    /// Where links and inspectors lead to.
    var publicURL = PublicURL(configured: nil)
    let logger: Logger

    /// - Parameter catalogue: with the tenant's own types where events are judged.
    func rules(for tenant: Tenant, catalogue: EventCatalogue? = nil) -> WebhookRules {
        WebhookRules(catalogue: catalogue ?? self.catalogue, settings: tenant.settings, addresses: addresses)
    }

    /// `GET /company/egress`.
    var egressAnswer: Response {
        var writer = JSONWriter()
        writer.object { $0.member("addresses", egress) }
        return .json(writer.bytes)
    }

    /// Tells owners of lanes to look now; without it they look within a second, so a failure is no one's loss.
    func notifyWakes() async {
        do { _ = try await pool.execute(NotifyWakes()) } catch {
            logger.debug("Wake not notified", metadata: ["error": "\(error)"])
        }
    }
}
