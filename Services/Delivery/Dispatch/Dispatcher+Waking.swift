import DequeModule
import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Finding out which lanes have something new: from wakes, and from scans of the lanes' heads.
extension Dispatcher {
    /// A patrol takes one part in so many of the time: rows that are settled and not yet vacuumed make scans slow.
    static let patrolRest = 20

    /// NOTIFY says "look at the wakes" and nothing else; without it the tick finds them a second later.
    func listen() async {
        while !Task.isCancelled {
            do {
                for try await _ in try await pool.listen(to: NotifyWakes.channel) { wakeSignal.raise() }
            } catch {}  // the tick goes on meanwhile, and tells of the outage
            await reactor.pause(for: .seconds(1))
        }
    }

    /// Each second: look for wakes, late ones too, and patrol one shard.
    func tick() async {
        while !Task.isCancelled {
            await reactor.pause(for: .seconds(1))
            if wakeCursor != nil, !owned.isEmpty, ContinuousClock.now >= nextPatrol { goOnPatrol() }
            isTickDue = true
            wakeSignal.raise()
            if !stats.isEmpty { flushSignal.raise() }
            askForStarved()
            scheduler.forgetIdle()
            callWaiting()
            planPump()  // a pause of the permit may have ended
        }
    }

    /// Looks at one shard of mine, whatever was announced: what nobody told of, and lanes that nobody needs any more.
    private func goOnPatrol() {
        repeat { patrol += 1 } while !owned.contains(Shard.all[patrol % Shard.count])
        let shard = Shard.all[patrol % Shard.count]
        shardsToScan.append(shard)
        for lane in lanes.of(shard).filter(\.isIdle) where laneAlarms[lane.webhookID] == nil {
            forgetLane(lane.webhookID)
        }
    }

    func readWakes() async {
        for await _ in wakeSignal.raised where !owned.isEmpty {
            do {
                try await lookAtWakes()
                if isTickDue {
                    isTickDue = false
                    try await lookAtLateWakes()
                }
                meters.databaseAnswered(logger)
                if !shardsToScan.isEmpty { scanSignal.raise() }
            } catch {
                meters.databaseFailed(error, logger)
                shardsToScan = Deque(owned)  // what was announced meanwhile may be gone
                await reactor.pause(for: .milliseconds(250))
                wakeSignal.raise()
            }
        }
    }

    /// Beside the reading of wakes: a shard with many lanes, or many dead rows, keeps nobody else's waiting.
    func scanShards() async {
        for await _ in scanSignal.raised {
            while wakeCursor != nil, let shard = shardsToScan.popFirst() {
                do {
                    if !unread.isEmpty { try await recall(unread) }
                    try await scan(shard)
                } catch {
                    meters.databaseFailed(error, logger)
                    shardsToScan.append(shard)
                    await reactor.pause(for: .seconds(1))
                }
            }
        }
    }

    private func lookAtWakes() async throws(PostgresError) {
        guard let cursor = wakeCursor else { return try await beginWatching() }
        let wakes = try await pool.execute(FindWakesSince(transaction: cursor.newest, shards: owned))
        wakeCursor?.saw(wakes.lazy.map(\.transaction))
        for wake in wakes { heed(wake) }
    }

    /// The snapshot is taken before the first scan: whatever commits later is found by its transaction id.
    private func beginWatching() async throws(PostgresError) {
        let rows = try await pool.execute(FindLateWakes(since: nil, newest: 0))
        if let row = rows.first { wakeCursor = WakeCursor(row.snapshot) }
    }

    private func lookAtLateWakes() async throws(PostgresError) {
        guard let cursor = wakeCursor else { return }
        let rows = try await pool.execute(FindLateWakes(since: cursor.snapshot, newest: cursor.newest))
        guard let row = rows.first else { return }
        var next = cursor
        let late = next.late(among: row.transactions, next: row.snapshot)
        let wakes = try await pool.execute(FindWakes(transactions: late, shards: owned))
        wakeCursor = next  // not before: what could not be read is late at the next look too
        for wake in wakes { heed(wake) }
    }

    private func heed(_ wake: Wake) {
        let now = permit.databaseNow
        for (shard, webhook) in zip(wake.shards, wake.webhooks) where owned.contains(shard) {
            lanes.with(webhook, in: shard) { lane in
                if wake.removes { lane.clearWindow() }  // what was cancelled is not there when it is read again
                lane.wake(from: wake.dueAt)
                if wake.dueAt > now { lane.expect(at: wake.dueAt) }  // by a clock that is behind the database's
            }
            reconsider(webhook)
        }
        for tenant in wake.tenants where subscribers.changed(tenant) { subscriberSignal.raise() }
    }

    private func scan(_ shard: Shard) async throws(PostgresError) {
        guard owned.contains(shard) else { return }
        let began = ContinuousClock.now
        let heads = try await pool.execute(FindLaneHeads(shards: [shard]))
        let now = permit.databaseNow
        for head in heads where owned.contains(shard) {
            let place = LanePlace(dueAt: head.dueAt, id: head.deliveryID.ulid)
            lanes.with(head.webhookID, in: shard) { $0.sawHead(at: place, now: now) }
            reconsider(head.webhookID)
        }
        noteOverdue(heads, in: shard, now: now)
        let duration = ContinuousClock.now - began
        nextPatrol = .now + duration * Self.patrolRest
        meters.scanned(took: duration)
    }
}
