import Postgres
import Store
import Webhooks

/// Telling a tenant that a webhook fails, or works again.
extension Recorder {
    private static let tellingAttempts = 10

    /// What was told, the event and its deliveries are one transaction, fenced like a flush: each change is told once,
    /// whoever dies when. The caller looks at the wakes afterwards.
    func tell(_ change: WebhookHealth.Change, of webhook: Webhook) async throws(PostgresError) {
        for attempt in 1...Self.tellingAttempts {
            do {
                return try await tellOnce(change, of: webhook)
            } catch .server(.directoryOutOfDate, let message) {
                if attempt == Self.tellingAttempts { throw .server(.directoryOutOfDate, message: message) }
            } catch .server(.alertKnown, _) {
                return
            }
        }
    }

    private func tellOnce(_ change: WebhookHealth.Change, of webhook: Webhook) async throws(PostgresError) {
        let type: String
        switch change {
        case .failing: type = OperationalEvent.webhookFailingType
        case .recovered: type = OperationalEvent.webhookRecoveredType
        case .forget:
            _ = try await bystander.transact(
                DeleteWebhookAlert(of: webhook), RequireShards([webhook.shard], ownedBy: worker))
            return
        }
        let rows = try await bystander.execute(
            FindOperationalSubscribers(of: type, about: webhook.id, tenant: webhook.tenantID))
        guard let first = rows.first else { return }
        let event: OperationalEvent
        var saved: SaveWebhookAlert?
        if case .failing(let level, let trouble) = change {
            event = .webhookFailing(webhook, trouble, at: first.now)
            saved = SaveWebhookAlert(of: webhook, level: level)
        } else {
            event = .webhookRecovered(webhook, at: first.now)
        }
        let deliveries = owed(event, to: rows, about: webhook)
        _ = try await bystander.transact(
            LockTenant(id: webhook.tenantID),
            RequireDirectoryVersions(tenants: [webhook.tenantID], versions: [first.tenantVersion]),
            saved, saved == nil ? DeleteWebhookAlert(of: webhook) : nil,
            InsertOperationalEvent(event, shard: webhook.shard, tenant: webhook.tenantID),
            OweDeliveries(deliveries, trigger: .event), InsertWake(of: deliveries),
            RequireShards([webhook.shard], ownedBy: worker))
    }
}
