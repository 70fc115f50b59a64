import DequeModule
import Dressing
import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Loading webhooks: those that lanes want, and those whose tenant's webhooks have changed.
extension Dispatcher {
    /// Martlet itself switches a webhook off. Told to the table behind the flush that settles the delivery.
    func disable(_ webhook: Webhook, reason: String) {
        subscribers.disabled(webhook)
        lanes.with(webhook.id, in: webhook.shard) { $0.clearWindow() }
        webhooksToDisable.append((webhook, reason))
        subscriberSignal.raise()
    }

    func loadSubscribers() async {
        for await _ in subscriberSignal.raised {
            while subscribers.hasWork {
                let wanted = subscribers.takeWanted(atMost: 1000)
                let changed = subscribers.takeChanged()
                do {
                    try await load(wanted)
                    try await refresh(changed)
                } catch {
                    subscribers.wantAgain(wanted)
                    subscribers.changedAgain(changed.map(\.tenant))
                    meters.databaseFailed(error, logger)
                    await reactor.pause(for: .milliseconds(250))
                }
            }
            await disableWebhooks()
            if let webhook = lanesToEmpty.popFirst() { await empty(webhook) }
            if !lanesToEmpty.isEmpty { subscriberSignal.raise() }
        }
    }

    private func load(_ ids: [Webhook.ID]) async throws(PostgresError) {
        guard !ids.isEmpty else { return }
        subscribers.beginLoading()
        defer { subscribers.endLoading() }
        let found = try await findSubscribers(ids)
        for row in found where lanes[row.webhook.id] != nil { subscribers.loaded(row.webhook, as: state(of: row)) }
        let missing = Set(ids).subtracting(found.map(\.webhook.id))
        for id in missing where lanes[id] != nil && !subscribers.holds(id) { subscribers.isGone(id) }
        for id in ids { reconsider(id) }
    }

    /// One webhook that cannot be read holds up nobody else's: halves are read until it stands alone.
    private func findSubscribers(_ ids: [Webhook.ID]) async throws(PostgresError) -> [SubscriberRow] {
        do {
            return try await pool.execute(FindSubscribers(webhooks: ids))
        } catch .decoding(let message) {
            guard ids.count > 1 else {
                logger.error("Webhook cannot be read", metadata: ["webhook.id": "\(ids)", "error": "\(message)"])
                for id in ids { subscribers.isUnreadable(id) }
                return []
            }
            let middle = ids.count / 2
            let first = try await findSubscribers(Array(ids[..<middle]))
            return first + (try await findSubscribers(Array(ids[middle...])))
        }
    }

    private func refresh(_ changed: [(tenant: Tenant.ID, version: Int64)]) async throws(PostgresError) {
        guard !changed.isEmpty else { return }
        let rows = try await pool.execute(
            FindChangedSubscribers(tenants: changed.map(\.tenant), after: changed.map(\.version)))
        for row in rows {
            let webhook = row.webhook.id
            let old = subscribers.state(of: webhook)
            subscribers.refreshed(row.webhook, as: state(of: row))
            guard subscribers.holds(webhook), let shard = lanes[webhook]?.shard else { continue }
            switch subscribers.state(of: webhook) {
            case .held: lanes.with(webhook, in: shard) { $0.clearWindow() }
            case .active(let subscriber):
                lanes.with(webhook, in: shard) {
                    $0.pace.reset(keepsPause: old.calls(subscriber.webhook.configuration.url))
                }
                remember(webhook)
            default: break
            }
            reconsider(webhook)
        }
    }

    private func state(of row: SubscriberRow) -> SubscriberDirectory.State {
        guard !row.isDeleted else { return .gone }
        guard row.webhook.configuration.isEnabled else {
            return row.webhook.configuration.whenDisabled == .queue ? .held : .discarding
        }
        do {
            let secrets = try row.openSecrets(with: keys)
            let prepared = try PreparedWebhook(
                row.webhook, tenantIdentifier: row.tenantIdentifier, secrets: secrets,
                tenantDefault: row.tenantSettings.defaultDialect ?? .standard)
            return .active(Subscriber(row.webhook, prepared))
        } catch {
            logger.error(
                "Webhook cannot be dressed", metadata: ["webhook.id": "\(row.webhook.id)", "error": "\(error)"])
            return .held  // sent when its secrets can be read again; never unsigned
        }
    }

    /// Switches off webhooks that have had nothing but failures for long, over enough different events: one poisonous
    /// event must not do it.
    func disableFailing() async throws(PostgresError) {
        let shards = owned.subtracting(leaving).sorted()
        for row in try await pool.execute(FindFailingWebhooks(shards: shards)) where owned.contains(row.webhook.shard) {
            disable(row.webhook, reason: Recorder.failing(since: row.failingSince))
        }
    }

    /// Tells the table of webhooks whose receivers answered 410; the wake of that change comes back here.
    private func disableWebhooks() async {
        while let (webhook, reason) = webhooksToDisable.popLast() {
            do {
                try await recorder.disable(webhook, reason: reason)
                wakeSignal.raise()
            } catch .server(.shardLost, _) {
                continue
            } catch {
                webhooksToDisable.append((webhook, reason))
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(250))
            }
        }
    }

    // MARK: Lanes of webhooks that are gone

    func cancel(_ webhook: Webhook.ID) {
        lanesToEmpty.append(webhook)
        subscriberSignal.raise()
    }

    /// Deletes 1 000 rows of what is left of a lane, fenced like every flush.
    private func empty(_ webhook: Webhook.ID) async {
        guard let lane = lanes[webhook], owned.contains(lane.shard) else { return }
        lanes.with(webhook, in: lane.shard) { $0.clearWindow() }
        do {
            let count = try await recorder.emptyLane(of: webhook, in: lane.shard, atMost: 1000)
            if count == 1000 { return lanesToEmpty.append(webhook) }  // after what others need
        } catch {
            meters.databaseFailed(error, logger)
            await reactor.pause(for: .milliseconds(250))
            return lanesToEmpty.append(webhook)
        }
        guard lanes[webhook]?.inFlight == 0 else { return }
        forgetLane(webhook)
    }
}
