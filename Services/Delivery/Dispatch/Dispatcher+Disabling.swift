import DequeModule
import Epoll
import Postgres
import Store
import Webhooks

/// Webhooks that Martlet itself switches off: a 410, or nothing but failures for long.
extension Dispatcher {
    /// What was found, until it is in the table.
    struct Disabling: Sendable {
        let webhook: Webhook
        let reason: String
    }

    /// Nothing is sent from now on; the table is told beside everything else that goes on. What failed before the
    /// webhook was changed says nothing of it as it is now.
    func disable(_ webhook: Webhook, reason: String) {
        guard subscribers.isCurrent(webhook) else { return }
        subscribers.disabled(webhook)
        if lanes[webhook.id] != nil { lanes.with(webhook.id, in: webhook.shard) { $0.clearWindow() } }
        guard !webhooksToDisable.contains(where: { $0.webhook.id == webhook.id }) else { return }
        webhooksToDisable.append(Disabling(webhook: webhook, reason: reason))
        disableSignal.raise()
    }

    /// Switches off webhooks that have had nothing but failures for long, over enough different events: one poisonous
    /// event must not do it.
    func disableFailing() async throws(PostgresError) {
        let shards = owned.subtracting(leaving).sorted()
        for row in try await pool.execute(FindFailingWebhooks(shards: shards)) where owned.contains(row.webhook.shard) {
            disable(row.webhook, reason: Recorder.failing(since: row.failingSince))
        }
    }

    /// Tells the table, on a session of its own: whoever holds a webhook's row holds up no outcome, and the others that
    /// are to be switched off have their turn before it is tried again. The wake of the change comes back here.
    func disableWebhooks() async {
        for await _ in disableSignal.raised {
            while let next = webhooksToDisable.popFirst() {
                do {
                    try await recorder.disable(next.webhook, reason: next.reason)
                    wakeSignal.raise()
                } catch .server(.shardLost, _) {
                    continue
                } catch {
                    webhooksToDisable.append(next)
                    meters.databaseFailed(error, logger)
                    await reactor.pause(for: .milliseconds(250))
                }
            }
        }
    }
}
