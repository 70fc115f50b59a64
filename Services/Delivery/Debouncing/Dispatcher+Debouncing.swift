import Dressing
import Postgres
import Store
import Webhooks

/// Dropping deliveries whose data was sent just before.
extension Dispatcher {
    /// Invocations of a webhook that are read when it is new here: what was sent before them may be sent again.
    static let sentARead = 100

    /// Reads what was sent last to those webhooks of a batch that debounce and are not known.
    func recallSent(of batch: [Delivery]) async throws(PostgresError) {
        var asked: Set<Webhook.ID> = []
        for delivery in batch {
            guard case .active(let subscriber) = subscribers.state(of: delivery.webhookID),
                let window = subscriber.debounce, !debouncer.knows(delivery.webhookID),
                asked.insert(delivery.webhookID).inserted
            else { continue }
            let found = try await findSent(before: delivery, within: window)
            guard owned.contains(delivery.shard) else { continue }
            let sent = found.reversed().compactMap { row -> (subject: DebounceSubject, at: Instant)? in
                let data = subscriber.prepared.cut(row.data)
                return DebounceSubject(data, ofType: row.type, resourceID: row.resourceID, to: delivery.webhookID)
                    .map { ($0, row.sentAt) }
            }
            debouncer.learn(delivery.webhookID, in: delivery.shard, window: window, sent)
        }
    }

    private func findSent(
        before delivery: Delivery, within window: Duration
    ) async throws(PostgresError) -> [FindRecentlySent.Row] {
        do {
            return try await pool.execute(
                FindRecentlySent(
                    shard: delivery.shard, tenant: delivery.tenantID, webhook: delivery.webhookID,
                    since: permit.databaseNow - window, limit: Self.sentARead))
        } catch .decoding {
            return []  // what nobody can read is like nothing else
        } catch let error where error.sqlState == .queryCanceled {
            return []  // too much to be read in time: sent again rather than nothing sent to anybody
        }
    }

    /// The request is over, or was never made: those that waited for it have their turn. What somebody asked for by
    /// hand or by a replay is never dropped and keeps nobody waiting, but it was sent like any other.
    func endDebounced(_ sent: Sent, hasSucceeded: Bool) {
        guard let subject = sent.subject else { return }
        let now = permit.databaseNow
        guard sent.delivery.trigger == .event else {
            if hasSucceeded { debouncer.wasSent(subject, at: now) }
            return
        }
        let waiting = debouncer.ended(subject, hasSucceeded: hasSucceeded, at: now)
        guard !waiting.isEmpty else { return }
        toLoad.append(contentsOf: waiting)
        loadSignal.raise()
    }
}
