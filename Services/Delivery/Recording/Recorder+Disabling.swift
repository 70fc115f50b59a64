import Postgres
import Store
import Webhooks

/// Switching a webhook off for its tenant, and telling of it.
extension Recorder {
    /// The reason of a 410.
    static let gone = "The receiver answered 410 Gone."

    /// The reason of a webhook that ``FindFailingWebhooks`` has found.
    static func failing(since: Instant) -> String { "Nothing but failures since \(since.rfc3339)." }

    private static let disablingAttempts = 10

    /// Switches a webhook off and owes `webhook-disabled` to the tenant's webhooks that name it: one transaction,
    /// fenced like a flush. Does nothing where it is off already, deleted, or was changed since.
    ///
    /// Who subscribes is read before; if anything of the tenant's webhooks changes until the commit, it is read again.
    /// The caller looks at the wakes afterwards.
    /// - Parameter reason: shown as `disabledReason`; words of ours.
    func disable(_ webhook: Webhook, reason: String = Recorder.gone) async throws(PostgresError) {
        for attempt in 1...Self.disablingAttempts {
            do {
                return try await disableAndTell(webhook, reason)
            } catch .server(.directoryOutOfDate, let message) {
                if attempt == Self.disablingAttempts { throw .server(.directoryOutOfDate, message: message) }
            }
        }
    }

    private func disableAndTell(_ webhook: Webhook, _ reason: String) async throws(PostgresError) {
        let type = OperationalEvent.webhookDisabledType
        let rows = try await bystander.execute(
            FindOperationalSubscribers(of: type, about: webhook.id, tenant: webhook.tenantID))
        let current = try await bystander.execute(FindWebhooks(ids: [webhook.id])).first
        guard let first = rows.first, let current, current.configuration.isEnabled, current.version == webhook.version
        else { return }
        let event = OperationalEvent.webhookDisabled(current, reason: reason, at: first.now)
        let deliveries = owed(event, to: rows, about: current)
        _ = try await bystander.transact(
            LockTenant(id: current.tenantID),
            RequireDirectoryVersions(tenants: [current.tenantID], versions: [first.tenantVersion]),
            DisableWebhook(id: current.id, tenant: current.tenantID, reason: reason),
            InsertOperationalEvent(event, shard: current.shard, tenant: current.tenantID),
            OweDeliveries(deliveries, trigger: .event), InsertWake(of: deliveries),
            RequireShards([current.shard], ownedBy: worker))
    }

    /// Deliveries of an event of Martlet's own to those who name its type and whose filters take it.
    func owed(
        _ event: OperationalEvent, to rows: [FindOperationalSubscribers.Row], about webhook: Webhook
    ) -> [DeliveryRow] {
        let resource = EventCatalogue.standard.resource(ofType: event.type, id: event.resourceID)
        let seen = rows.first.flatMap {
            FilteredEvent(event.event(of: webhook.tenantID), tenantIdentifier: $0.tenantIdentifier)
        }
        let takers = rows.compactMap(\.subscription).filter { subscription in seen.map(subscription.takes) ?? true }
        return takers.map { subscription in
            DeliveryRow(
                shard: webhook.shard, webhookID: subscription.webhookID, id: Delivery.ID(), tenantID: webhook.tenantID,
                eventID: event.id, orderKey: subscription.orderKey(of: event.id, resource: resource), key: nil)
        }
    }
}
