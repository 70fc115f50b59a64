import Dressing
import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Recording what became of deliveries: ≤ 500 outcomes or 10 ms, one fenced transaction at a time.
extension Dispatcher {
    func record(_ settled: SettledDelivery) {
        meters.ended(settled.invocation)
        logger.debug("Invocation ended", metadata: settled.invocation.logMetadata(tenant: tenant(of: settled)))
        switch flushQueue.append(settled) {
        case .startClock: reactor.alarm(after: FlushQueue.patience) { [weak self] in self?.flushSignal.raise() }
        case .goNow: flushSignal.raise()
        case .none: break
        }
    }

    private func tenant(of settled: SettledDelivery) -> String? {
        guard case .active(let subscriber) = subscribers.state(of: settled.delivery.webhookID) else { return nil }
        return subscriber.prepared.tenantIdentifier
    }

    func recordOutcomes() async {
        for await _ in flushSignal.raised {
            repeat { await flush() } while flushQueue.hasWaiting
        }
    }

    /// Records one batch, however long it takes: it returns when the batch is committed or belongs to another worker.
    private func flush() async {
        let batch = flushQueue.nextBatch()
        let minutes = stats.due(with: batch, at: .now)
        let flush = Flush(settled: batch, stats: minutes, lanes: takeMemories(of: owned))
        guard !flush.isEmpty else { return }
        flushQueue.began(flush)
        let began = ContinuousClock.now
        let lost = await recorder.record(flush)
        stats.recorded(batch, minutes: minutes, lost: lost, at: .now)
        flushQueue.acknowledged(batch)
        for settled in batch { acknowledge(settled) }
        for shard in lost { drop(shard) }
        for webhook in discardingLanes { reconsider(webhook) }  // those that found no room
        discardingLanes.removeAll()
        meters.flushed(batch.count, took: ContinuousClock.now - began)
        planPump()
    }

    private func acknowledge(_ settled: SettledDelivery) {
        let delivery = settled.delivery
        guard lanes[delivery.webhookID] != nil else { return }
        lanes.with(delivery.webhookID, in: delivery.shard) { lane in
            switch settled.fate {
            case .settled: lane.forget(delivery.id)
            case .retry(let at) where delivery.orderKey == nil: lane.moved(delivery.id, to: at)
            case .retry: lane.recordedHead(delivery.id)
            }
        }
        reconsider(delivery.webhookID)
    }

    // MARK: What lanes must remember

    /// Queues what a lane must remember over a hand-over, where that has changed.
    func remember(_ webhook: Webhook.ID) {
        if lanes[webhook]?.pace.isDirty ?? false { lanesToSave.insert(webhook) }
    }

    func takeMemories(of shards: Set<Shard>) -> [LaneState] {
        let taken = lanesToSave.filter { lanes[$0].map { shards.contains($0.shard) } ?? true }
        lanesToSave.subtract(taken)
        return taken.compactMap { webhook in
            lanes[webhook]?.takeMemory()
        }.sorted { ($0.shard, $0.webhookID) < ($1.shard, $1.webhookID) }
    }

    /// Reads what the lanes of new shards must remember; only then is anything sent for them.
    func recall(_ shards: Set<Shard>) async throws(PostgresError) {
        let states = try await pool.execute(FindLaneStates(shards: shards.sorted()))
        for state in states where unread.contains(state.shard) {
            lanes.with(state.webhookID, in: state.shard) { $0.pace.restore(state) }
        }
        unread.subtract(shards)
        for lane in shards.flatMap({ lanes.of($0) }) { reconsider(lane.webhookID) }
    }
}
