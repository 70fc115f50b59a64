import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Deliveries of events that are about to go: of webhooks that were held for long, of lanes that stand still.
extension Dispatcher {
    /// What history says of them.
    static let expired = "Expired: its event is past retention."

    /// Rows of a shard's queue that are looked at in one go.
    static let expiryLook = 10_000
    /// Deliveries that are settled in one go.
    static let expiryBatch = 500

    /// Settles what a shard owes of events that were accepted before `instant`.
    func expire(in shard: Shard, acceptedBefore instant: Instant) async throws(PostgresError) {
        var last: Delivery?
        repeat {
            guard mayWork(in: shard) else { return }
            let rows = try await pool.execute(
                FindExpiredDeliveries(in: shard, after: last, acceptedBefore: instant, limit: Self.expiryLook))
            last = rows.last?.delivery
            let webhooks = Set(rows.lazy.filter(\.isExpired).map(\.delivery.webhookID))
            for webhook in webhooks { try await expire(webhook, in: shard, acceptedBefore: instant) }
        } while last != nil
    }

    /// Reads again what a lane owes of such events, and settles it: what is sent, and recorded, beside the statement is
    /// told from what still stands there.
    private func expire(
        _ webhook: Webhook.ID, in shard: Shard, acceptedBefore instant: Instant
    ) async throws(PostgresError) {
        var last: Delivery?
        var count = 0
        repeat {
            while !flushQueue.hasRoom, !Task.isCancelled { await reactor.pause(for: .milliseconds(20)) }
            guard mayWork(in: shard), permit.isValid else { return }  // the next owner, or the next hour
            lanes.with(webhook, in: shard) { $0.beginExpiring() }
            defer { lanes[webhook]?.endExpiring() }
            let rows = try await pool.execute(
                FindExpiredDeliveries(
                    in: shard, of: webhook, after: last, acceptedBefore: instant, limit: Self.expiryBatch))
            guard mayWork(in: shard), permit.isValid, lanes[webhook] != nil else { return }
            let own = rows.map(\.delivery).filter { $0.webhookID == webhook }
            last = own.count == rows.count ? own.last : nil
            let old = rows.filter(\.isExpired).map(\.delivery).filter { $0.webhookID == webhook }
            let expired = lanes.with(webhook, in: shard) { $0.takeExpired(old) }
            for delivery in expired {
                record(Verdict.withoutRequest(delivery, .discarded, detail: Self.expired, at: permit.databaseNow))
            }
            count += expired.count
            reconsider(webhook)
        } while last != nil
        logger.notice("Deliveries expired", metadata: ["webhook.id": "\(webhook)", "delivery.count": "\(count)"])
    }
}
