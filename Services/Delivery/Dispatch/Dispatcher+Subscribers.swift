import DequeModule
import Dressing
import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Loading webhooks: those that lanes want, and those whose tenant's webhooks have changed.
extension Dispatcher {
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
            while let webhook = lanesToEmpty.popFirst() { await empty(webhook) }
        }
    }

    private func load(_ ids: [Webhook.ID]) async throws(PostgresError) {
        guard !ids.isEmpty else { return }
        let found = try await pool.execute(FindSubscribers(webhooks: ids))
        for row in found { subscribers.loaded(row.webhook, as: state(of: row)) }
        let missing = Set(ids).subtracting(found.map(\.webhook.id))
        for id in missing { subscribers.isGone(id) }
        for id in ids { reconsider(id) }
    }

    private func refresh(_ changed: [(tenant: Tenant.ID, version: Int64)]) async throws(PostgresError) {
        guard !changed.isEmpty else { return }
        let rows = try await pool.execute(
            FindChangedSubscribers(tenants: changed.map(\.tenant), after: changed.map(\.version)))
        for row in rows {
            subscribers.refreshed(row.webhook, as: state(of: row))
            guard subscribers.holds(row.webhook.id), let shard = lanes[row.webhook.id]?.shard else { continue }
            switch subscribers.state(of: row.webhook.id) {
            case .held: withLane(row.webhook.id, in: shard) { $0.clearWindow() }
            default: break
            }
            reconsider(row.webhook.id)
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
            return .active(Subscriber(webhook: row.webhook, prepared: prepared))
        } catch {
            logger.error(
                "Webhook cannot be dressed", metadata: ["webhook.id": "\(row.webhook.id)", "error": "\(error)"])
            return .held  // sent when its secrets can be read again; never unsigned
        }
    }

    /// Tells the table of webhooks whose receivers answered 410; the wake of that change comes back here.
    private func disableWebhooks() async {
        while let webhook = webhooksToDisable.popLast() {
            do {
                try await recorder.disable(webhook)
                wakeSignal.raise()
            } catch .server(.shardLost, _) {
                continue
            } catch {
                webhooksToDisable.append(webhook)
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

    /// Deletes what is left of a lane, 1 000 rows at a time, fenced like every flush.
    private func empty(_ webhook: Webhook.ID) async {
        guard let lane = lanes[webhook], owned.contains(lane.shard) else { return }
        withLane(webhook, in: lane.shard) { $0.clearWindow() }
        while !Task.isCancelled, owned.contains(lane.shard) {
            do {
                let count = try await recorder.emptyLane(of: webhook, in: lane.shard, atMost: 1000)
                if count < 1000 { break }
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(250))
            }
        }
        guard lanes[webhook]?.inFlight == 0 else { return }
        if let last = lanes.removeValue(forKey: webhook) { windowTotal -= last.window.count }
        subscribers.forget(webhook)
    }
}
