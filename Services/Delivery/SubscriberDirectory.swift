import Dressing
import Store
import Webhooks

/// What the dispatcher knows of a webhook: how to dress and how to send. A class because it is handed along with every
/// delivery and never changes.
final class Subscriber: Sendable {
    let webhook: Webhook
    let prepared: PreparedWebhook
    let limits: PaceLimits
    let origin: Origin
    /// For how long the same data of a resource is not sent again; nil: it always is.
    let debounce: Duration?

    init(_ webhook: Webhook, _ prepared: PreparedWebhook) {
        let configuration = webhook.configuration
        self.webhook = webhook
        self.prepared = prepared
        limits = PaceLimits(concurrency: configuration.maxConcurrency, rate: configuration.rateLimit)
        origin = Origin(of: configuration.url)
        let seconds = configuration.debounceSeconds ?? (configuration.fields == nil ? 0 : 60)
        debounce = seconds > 0 ? .seconds(seconds) : nil
    }
}

extension SubscriberDirectory.State {
    /// Whether requests went to this URL.
    func calls(_ url: String) -> Bool {
        if case .active(let subscriber) = self { subscriber.webhook.configuration.url == url } else { false }
    }
}

/// The webhooks of the lanes in memory, loaded when a lane first needs one and again when its tenant's webhooks change.
struct SubscriberDirectory {
    enum State {
        /// Not loaded yet.
        case unknown
        case active(Subscriber)
        /// Not enabled: deliveries stay where they are.
        case held
        /// Not enabled: deliveries are settled without a request.
        case discarding
        /// Deleted, or never was: its deliveries are cancelled.
        case gone
    }

    private var states: [Webhook.ID: State] = [:]
    private var tenants: [Webhook.ID: Tenant.ID] = [:]
    private var webhooksOfTenant: [Tenant.ID: Set<Webhook.ID>] = [:]
    /// The place in a tenant's changes up to which everything held here is current.
    private var places: [Tenant.ID: FindChangedWebhooks.Place] = [:]
    private(set) var wanted: Set<Webhook.ID> = []
    private var isLoading = false
    private var changedWhileLoading: Set<Tenant.ID> = []
    private(set) var changedTenants: Set<Tenant.ID> = []

    var hasWork: Bool { !wanted.isEmpty || !changedTenants.isEmpty }

    func state(of webhook: Webhook.ID) -> State { states[webhook] ?? .unknown }

    mutating func want(_ webhook: Webhook.ID) { wanted.insert(webhook) }

    /// Webhooks of `tenant` have changed. True when any of them is held here, or may be soon.
    mutating func changed(_ tenant: Tenant.ID) -> Bool {
        if isLoading { changedWhileLoading.insert(tenant) }
        guard webhooksOfTenant[tenant] != nil else { return false }
        return changedTenants.insert(tenant).inserted
    }

    mutating func beginLoading() { isLoading = true }

    /// What was loaded is held now; of tenants that changed meanwhile it may be old already.
    mutating func endLoading() {
        isLoading = false
        for tenant in changedWhileLoading where webhooksOfTenant[tenant] != nil { changedTenants.insert(tenant) }
        changedWhileLoading.removeAll()
    }

    mutating func takeWanted(atMost count: Int) -> [Webhook.ID] {
        let taken = Array(wanted.prefix(count))
        wanted.subtract(taken)
        return taken
    }

    /// Where to read on in the changes of some tenants.
    mutating func takeChanged(atMost count: Int) -> [FindChangedWebhooks.Place] {
        let taken = Array(changedTenants.prefix(count))
        changedTenants.subtract(taken)
        return taken.compactMap { places[$0] }
    }

    mutating func wantAgain(_ webhooks: [Webhook.ID]) { wanted.formUnion(webhooks) }
    mutating func changedAgain(_ tenants: [Tenant.ID]) {
        changedTenants.formUnion(tenants.filter { places[$0] != nil })
    }

    /// False: it is held here as another than this, or as one that is not enabled.
    func isCurrent(_ webhook: Webhook) -> Bool {
        switch state(of: webhook.id) {
        case .unknown: true
        case .active(let subscriber): subscriber.webhook.version == webhook.version
        case .held, .discarding, .gone: false
        }
    }

    func holds(_ webhook: Webhook.ID) -> Bool { states[webhook] != nil }

    /// Loaded because a lane wanted it; with it are all changes up to `tenantVersion`.
    mutating func loaded(_ webhook: Webhook, as state: State, tenantVersion: Int64) {
        states[webhook.id] = state
        tenants[webhook.id] = webhook.tenantID
        webhooksOfTenant[webhook.tenantID, default: []].insert(webhook.id)
        if places[webhook.tenantID] == nil {
            places[webhook.tenantID] = .init(endOf: tenantVersion, tenantID: webhook.tenantID)
        }
    }

    /// Found changed, and read again.
    mutating func refreshed(_ webhook: Webhook.ID, as state: State) {
        if holds(webhook) { states[webhook] = state }
    }

    /// All of the tenant's webhooks held here are current up to a place.
    mutating func isCurrent(upTo place: FindChangedWebhooks.Place) {
        if places[place.tenantID] != nil { places[place.tenantID] = place }
    }

    /// Its receiver wants no more: nothing is sent from now on, whatever the table still says.
    mutating func disabled(_ webhook: Webhook) {
        guard holds(webhook.id) else { return }
        states[webhook.id] = webhook.configuration.whenDisabled == .queue ? .held : .discarding
    }

    /// Stored in a form that this version does not know: its deliveries stay where they are.
    mutating func isUnreadable(_ webhook: Webhook.ID) { states[webhook] = .held }

    mutating func isGone(_ webhook: Webhook.ID) { states[webhook] = .gone }

    mutating func forget(_ webhook: Webhook.ID) {
        states[webhook] = nil
        guard let tenant = tenants.removeValue(forKey: webhook) else { return }
        webhooksOfTenant[tenant]?.remove(webhook)
        guard webhooksOfTenant[tenant]?.isEmpty ?? false else { return }
        webhooksOfTenant[tenant] = nil
        places[tenant] = nil
        changedTenants.remove(tenant)
    }
}
