import DequeModule
import Dressing
import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Loading webhooks: those that lanes want, and those whose tenant's webhooks have changed.
extension Dispatcher {
    static let subscribersARead = 1000
    static let tenantsARead = 10
    /// Changes of each tenant: ids alone. A page begins with sorting the rest of a change of many webhooks.
    static let changesARead = 10_000

    func loadSubscribers() async {
        for await _ in subscriberSignal.raised {
            while subscribers.hasWork {
                let wanted = subscribers.takeWanted(atMost: Self.subscribersARead)
                let changed = subscribers.takeChanged(atMost: Self.tenantsARead)
                do {
                    try await load(wanted)
                    try await refresh(changed)
                } catch {
                    subscribers.wantAgain(wanted)
                    subscribers.changedAgain(changed.map(\.tenantID))
                    meters.databaseFailed(error, logger)
                    await reactor.pause(for: .milliseconds(250))
                }
            }
            if let webhook = lanesToEmpty.popFirst() { await empty(webhook) }
            if !lanesToEmpty.isEmpty { subscriberSignal.raise() }
        }
    }

    private func load(_ ids: [Webhook.ID]) async throws(PostgresError) {
        guard !ids.isEmpty else { return }
        subscribers.beginLoading()
        defer { subscribers.endLoading() }
        let (found, missing) = try await findSubscribers(ids)
        for row in found where lanes[row.webhook.id] != nil {
            subscribers.loaded(row.webhook, as: state(of: row), tenantVersion: row.tenantVersion)
        }
        for id in missing where lanes[id] != nil && !subscribers.holds(id) { subscribers.isGone(id) }
        for id in ids { reconsider(id) }
    }

    /// One webhook that cannot be read holds up nobody else's: halves are read until it stands alone.
    private func findSubscribers(
        _ ids: [Webhook.ID]
    ) async throws(PostgresError) -> (found: [SubscriberRow], missing: Set<Webhook.ID>) {
        do {
            let found = try await pool.execute(FindSubscribers(webhooks: ids))
            return (found, Set(ids).subtracting(found.map(\.webhook.id)))
        } catch .decoding(let message) {
            guard ids.count > 1 else {
                logger.error("Webhook cannot be read", metadata: ["webhook.id": "\(ids)", "error": "\(message)"])
                for id in ids { subscribers.isUnreadable(id) }
                return ([], [])
            }
            let middle = ids.count / 2
            let first = try await findSubscribers(Array(ids[..<middle]))
            let second = try await findSubscribers(Array(ids[middle...]))
            return (first.found + second.found, first.missing.union(second.missing))
        }
    }

    /// Reads a page of what has changed, and of that the webhooks held here.
    private func refresh(_ changed: [FindChangedWebhooks.Place]) async throws(PostgresError) {
        let rows = try await pool.execute(FindChangedWebhooks(after: changed, limit: Self.changesARead))
        var held = rows.map(\.webhookID).filter { subscribers.holds($0) }[...]
        while !held.isEmpty {
            let (found, missing) = try await findSubscribers(Array(held.prefix(Self.subscribersARead)))
            for row in found { refreshed(row.webhook.id, as: state(of: row)) }
            for webhook in missing { refreshed(webhook, as: .gone) }
            held = held.dropFirst(Self.subscribersARead)
        }
        for (tenant, changes) in Dictionary(grouping: rows, by: \.tenantID) {
            if let last = changes.last { subscribers.isCurrent(upTo: last) }
            if changes.count == Self.changesARead { subscribers.changedAgain([tenant]) }
        }
    }

    private func refreshed(_ webhook: Webhook.ID, as state: SubscriberDirectory.State) {
        let old = subscribers.state(of: webhook)
        subscribers.refreshed(webhook, as: state)
        guard subscribers.holds(webhook), let shard = lanes[webhook]?.shard else { return }
        switch state {
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

    private func state(of row: SubscriberRow) -> SubscriberDirectory.State {
        guard row.webhook.configuration.isEnabled else {
            return row.webhook.configuration.whenDisabled == .queue ? .held : .discarding
        }
        do {
            let secrets = try row.openSecrets(with: keys)
            let prepared = try PreparedWebhook(
                row.webhook, tenantIdentifier: row.tenantIdentifier, secrets: secrets,
                tenantDefault: row.tenantSettings.dialect)
            return .active(Subscriber(row.webhook, prepared))
        } catch {
            logger.error(
                "Webhook cannot be dressed", metadata: ["webhook.id": "\(row.webhook.id)", "error": "\(error)"])
            return .held  // sent when its secrets can be read again; never unsigned
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
