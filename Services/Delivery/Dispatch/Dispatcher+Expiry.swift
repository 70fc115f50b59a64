import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Deliveries of events that are about to go: of webhooks that were held for long, of lanes that stand still.
extension Dispatcher {
    /// What history says of them.
    static let expired = "Expired: its event is past retention."

    /// Settles what a shard owes of events that were accepted before `instant`.
    func expire(in shard: Shard, acceptedBefore instant: Instant) async throws(PostgresError) {
        var last: Delivery?
        repeat {
            guard mayWork(in: shard) else { return }
            let rows = try await pool.execute(FindExpiredDeliveries(in: shard, after: last, acceptedBefore: instant))
            last = rows.last?.delivery
            let expired = Dictionary(grouping: rows.filter(\.isExpired).map(\.delivery), by: \.webhookID)
            for (webhook, deliveries) in expired { await expire(deliveries, of: webhook, in: shard) }
        } while last != nil
    }

    private func expire(_ deliveries: [Delivery], of webhook: Webhook.ID, in shard: Shard) async {
        while !flushQueue.hasRoom, !Task.isCancelled { await reactor.pause(for: .milliseconds(20)) }
        guard mayWork(in: shard), permit.isValid else { return }  // the next owner, or the next hour
        let expired = lanes.with(webhook, in: shard) { $0.takeExpired(deliveries) }
        for delivery in expired {
            record(Verdict.withoutRequest(delivery, .failed, detail: Self.expired, at: permit.databaseNow))
        }
        logger.notice(
            "Deliveries expired", metadata: ["webhook.id": "\(webhook)", "delivery.count": "\(expired.count)"])
        reconsider(webhook)
    }
}
