import Logging
import Postgres
import Store
import Webhooks

/// Carries replays on, a batch at a time: one fenced transaction makes the deliveries and moves the replay, so a batch
/// is made once, whoever dies when. What is to be done is decided by ``ReplayPace`` and ``ReplayBatch``.
struct ReplayRunner {
    /// For reading.
    let pool: PostgresPool
    let recorder: Recorder
    private var paces: [Webhook.ID: ReplayPace] = [:]

    init(pool: PostgresPool, recorder: Recorder) {
        self.pool = pool
        self.recorder = recorder
    }

    struct Progress {
        /// Some replay has more to do.
        var isRunning = false
        /// Lanes have something new.
        var hasQueued = false
    }

    /// Looks once at each replay of these shards. Those of one webhook go one after another.
    /// - Throws: when the database fails; what was committed stays.
    mutating func step(_ shards: Set<Shard>, at now: ContinuousClock.Instant) async throws(PostgresError) -> Progress {
        var progress = Progress()
        var seen: Set<Webhook.ID> = []
        var failure: PostgresError?
        for running in try await pool.execute(FindRunningReplays(shards: shards.sorted())) {
            guard seen.insert(running.replay.webhookID).inserted else { continue }
            progress.isRunning = true
            do {
                if try await advance(running, at: now) { progress.hasQueued = true }
            } catch .server(.shardLost, _), .server(.replayMoved, _) {
                continue  // another owner goes on with it, or the batch was committed after all: the next look tells
            } catch {
                failure = error  // one replay that cannot go on holds up no other
            }
        }
        paces = paces.filter { seen.contains($0.key) }
        if let failure { throw failure }
        return progress
    }

    /// Queues one batch where there is room. Whether deliveries were made.
    private mutating func advance(
        _ running: RunningReplay, at now: ContinuousClock.Instant
    ) async throws(PostgresError) -> Bool {
        let replay = running.replay
        guard running.subscription != nil else {
            try await recorder.record(ReplayBatch(running, candidates: [], limit: 0))
            return false
        }
        let counted = try await pool.execute(
            CountReplayDeliveries(
                shard: replay.shard, webhook: replay.webhookID, limit: ReplayPace.pendingLimit))
        guard let count = counted.first else { return false }
        let room = paces[replay.webhookID, default: ReplayPace()].room(count, at: now)
        guard room > 0 else { return false }
        let candidates: [ReplayCandidate]
        switch replay.only {
        case .all:
            candidates = try await pool.execute(FindEventsToReplay(replay, after: running.position, limit: room))
        case .failed:
            candidates = try await pool.execute(FindFailuresToReplay(replay, after: running.position, limit: room))
        }
        let batch = ReplayBatch(
            running, candidates: candidates, refused: try await refused(candidates, of: running), limit: room)
        try await recorder.record(batch)
        return !batch.deliveries.isEmpty
    }
}

extension ReplayRunner {
    /// Events whose data is in memory at once.
    private static let eventsARead = 16

    /// The candidates that the webhook's filter lets not through. What failed was let through once; of all events it is
    /// asked again, by their own data.
    private func refused(
        _ candidates: [ReplayCandidate], of running: RunningReplay
    ) async throws(PostgresError) -> Set<Event.ID> {
        let replay = running.replay
        guard let subscription = running.subscription, subscription.filter != nil, replay.only == .all else {
            return []
        }
        var rest = candidates.filter { $0.type.map(subscription.matches) ?? false }.compactMap(\.eventID)[...]
        var refused: Set<Event.ID> = []
        while !rest.isEmpty {
            let keys = rest.prefix(Self.eventsARead).map {
                EventKey(shard: replay.shard, tenantID: replay.tenantID, id: $0)
            }
            rest = rest.dropFirst(keys.count)
            do {
                let events = try await pool.execute(FindEvents(keys))
                refused.formUnion(await Self.judge(events, by: subscription, of: running.tenantIdentifier))
            } catch .decoding {
                continue  // history will say which of them nobody can read
            }
        }
        return refused
    }

    /// Those that the filter lets not through; away from the reactor, which sends meanwhile.
    @concurrent private static func judge(
        _ events: [Event], by subscription: Subscription, of tenant: String
    ) async -> [Event.ID] {
        events.filter { event in
            FilteredEvent(event, tenantIdentifier: tenant).map { !subscription.takes($0) } ?? false
        }.map(\.id)
    }
}

extension Recorder {
    /// Makes the deliveries of a batch and moves its replay.
    func record(_ batch: ReplayBatch) async throws(PostgresError) {
        _ = try await pool.transact(
            OweDeliveries(batch.deliveries, trigger: .replay),
            AdvanceReplay(
                batch.replay.id, shard: batch.replay.shard, from: batch.from, to: batch.to, matched: batch.matched,
                queued: batch.deliveries.count, state: batch.state),
            InsertWake(of: batch.deliveries), RequireShards([batch.replay.shard], ownedBy: worker))
    }
}
