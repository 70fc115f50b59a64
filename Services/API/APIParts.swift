import Curl
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
    let logger: Logger

    func rules(for tenant: Tenant) -> WebhookRules {
        WebhookRules(catalogue: catalogue, settings: tenant.settings, addresses: addresses)
    }

    /// Tells owners of lanes to look now; without it they look within a second, so a failure is no one's loss.
    func notifyWakes() async {
        do { _ = try await pool.execute(NotifyWakes()) } catch {
            logger.debug("Wake not notified", metadata: ["error": "\(error)"])
        }
    }
}
