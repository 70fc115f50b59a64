import Epoll
import Postgres
import Store
import Webhooks

/// Recording what became of deliveries: ≤ 500 outcomes or 10 ms, one fenced transaction at a time.
extension Dispatcher {
    func record(_ settled: SettledDelivery) {
        meters.ended(settled.invocation)
        switch flushQueue.append(settled) {
        case .startClock: reactor.alarm(after: FlushQueue.patience) { [weak self] in self?.flushSignal.raise() }
        case .goNow: flushSignal.raise()
        case .none: break
        }
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
        guard !batch.isEmpty || !minutes.isEmpty else { return }
        let began = ContinuousClock.now
        let lost = await recorder.record(batch, stats: minutes)
        stats.recorded(batch, minutes: minutes, lost: lost, at: .now)
        flushQueue.acknowledged(batch)
        for settled in batch { acknowledge(settled) }
        for shard in lost { drop(shard) }
        meters.flushed(batch.count, took: ContinuousClock.now - began)
        planPump()
    }

    private func acknowledge(_ settled: SettledDelivery) {
        let delivery = settled.delivery
        guard lanes[delivery.webhookID] != nil else { return }
        withLane(delivery.webhookID, in: delivery.shard) { lane in
            switch settled.fate {
            case .settled: lane.forget(delivery.id)
            case .retry(let at): if delivery.orderKey == nil { lane.moved(delivery.id, to: at) }
            }
        }
        reconsider(delivery.webhookID)
    }

    /// 410: the receiver asks for no more. Told to the table behind the flush that settles the delivery.
    func disable(_ webhook: Webhook) {
        subscribers.disabled(webhook)
        withLane(webhook.id, in: webhook.shard) { $0.clearWindow() }
        webhooksToDisable.append(webhook)
        subscriberSignal.raise()
    }
}
