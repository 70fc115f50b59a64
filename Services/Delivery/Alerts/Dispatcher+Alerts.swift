import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Telling tenants of webhooks that fail, and that work again.
extension Dispatcher {
    static let overdueAShard = 1000

    /// Looks at the webhooks of some shards, and tells what has changed. What cannot be told is told at the next look.
    func tellOfHealth(in shards: [Shard]) async throws(PostgresError) {
        let mine = shards.filter { mayWork(in: $0) }
        let overdue = mine.flatMap { overdueLanes[$0] ?? [] }
        for row in try await pool.execute(FindWebhookHealth(in: mine, and: overdue)) {
            let shard = row.webhook.shard
            guard mayWork(in: shard), let since = ownedSince[shard],
                let change = WebhookHealth.change(row, watchedSince: since)
            else { continue }
            do {
                try await recorder.tell(change, of: row.webhook)
            } catch .server(.shardLost, _) {
                continue
            } catch {
                meters.databaseFailed(error, logger)  // nobody else's news wait for it
                continue
            }
            logger.info(
                "Webhook health changed",
                metadata: [
                    "webhook.id": "\(row.webhook.id)", "tenant.id": "\(row.webhook.tenantID)",
                    "change": "\(change.name)",
                ])
            wakeSignal.raise()
        }
    }

    /// A scan found these heads of a shard's lanes.
    func noteOverdue(_ heads: [FindLaneHeads.Row], in shard: Shard, now: Instant) {
        let since = ownedSince[shard] ?? now
        let late = heads.filter { now - max($0.dueAt, since) > WebhookHealth.patience }.map(\.webhookID)
        overdueLanes[shard] = late.isEmpty ? nil : Array(late.prefix(Self.overdueAShard))
    }
}

extension WebhookHealth.Change {
    fileprivate var name: String {
        switch self {
        case .failing(let level, _): level > 1 ? "disabled soon" : "failing"
        case .recovered: "recovered"
        case .forget: "off"
        }
    }
}
