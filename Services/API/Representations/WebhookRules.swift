import Curl
import Webhooks

/// What a webhook is judged by beside its own members: the catalogue, the tenant's settings, the addresses allowed.
struct WebhookRules: Sendable {
    let catalogue: EventCatalogue
    let settings: TenantSettings
    let addresses: AddressPolicy

    /// The dialect of a webhook that says `dialect`, or nothing.
    func dialect(_ dialect: Dialect?) -> Dialect { dialect ?? settings.defaultDialect ?? .standard }

    /// Whether URLs of scheme `http` are refused to a webhook of this dialect.
    func refusesHTTP(_ dialect: Dialect) -> Bool {
        dialect == .shopery ? settings.allowHTTP != true : settings.allowHTTP == false
    }
}
