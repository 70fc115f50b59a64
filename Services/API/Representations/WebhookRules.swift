import Curl
import Dressing
import Webhooks

/// What a webhook is judged by beside its own members: the catalogue, the tenant's settings, the addresses allowed.
struct WebhookRules: Sendable {
    let catalogue: EventCatalogue
    let settings: TenantSettings
    let addresses: AddressPolicy
    /// Entries of `events` that the webhook has already: they may stay although their type was deleted since.
    var keptEvents: Set<String> = []
    /// The `payloadQuery` that the webhook has already.
    var keptQuery: String?
    /// Members beside a webhook's own that the body may have.
    var otherMembers: Set<String> = []

    /// The dialect of a webhook that says `dialect`, or nothing.
    func dialect(_ dialect: Dialect?) -> Dialect { dialect ?? settings.dialect }

    /// Names that the root fields of a query may have; nil where events may be of any type, and so of any resource.
    var queryRoots: Set<String>? {
        settings.eventCatalogue == .open ? nil : QueryRoots.names(for: catalogue.types)
    }

    /// Whether URLs of scheme `http` are refused to a webhook of this dialect.
    func refusesHTTP(_ dialect: Dialect) -> Bool {
        !(settings.allowHTTP ?? dialect.terms.takesHTTP)
    }
}
