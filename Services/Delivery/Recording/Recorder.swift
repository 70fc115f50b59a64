import Epoll
import Logging
import Postgres
import Store
import Webhooks

/// Writes what became of deliveries: one pipelined transaction a batch, fenced by the lease rows of its shards.
///
/// The fence stands last, so that its locks are held for the commit only, and it raises: a worker that lost a lease
/// cannot settle anything. After a lost connection one invocation id tells whether the batch was committed; only then
/// is it repeated or forgotten.
///
/// A class, so that its methods take it as one word: as a struct it came to them in eight, past the registers, and the
/// optimiser spoilt the stack (see ARCHITECTURE.md).
final class Recorder: Sendable {
    let worker: Worker.ID
    /// One session of its own: a give-back comes behind the last flush.
    let pool: PostgresPool
    /// One session for what may wait for somebody's lock, and must not hold up outcomes.
    let bystander: PostgresPool
    /// Knows the database's time.
    private let permit: SendPermit
    let reactor: Reactor
    let meters: DeliveryMeters
    let logger: Logger

    init(
        worker: Worker.ID, pool: PostgresPool, bystander: PostgresPool, permit: SendPermit, reactor: Reactor,
        meters: DeliveryMeters, logger: Logger
    ) {
        self.worker = worker
        self.pool = pool
        self.bystander = bystander
        self.permit = permit
        self.reactor = reactor
        self.meters = meters
        self.logger = logger
    }

    /// Returns once it is committed, or belongs to somebody else, or the task is cancelled.
    /// - Returns: the shards of it that are not this worker's any more.
    func record(_ flush: Flush) async -> Set<Shard> {
        var (flush, lost) = (flush, Set<Shard>())
        while !flush.isEmpty, !Task.isCancelled {
            do {
                try await write(flush)
                meters.databaseAnswered(logger)
                return lost
            } catch .server(.shardLost, _) {
                guard let mine = await myShards() else { continue }
                lost.formUnion(flush.shards.subtracting(mine))
                flush.drop(lost)
            } catch .server(.uniqueViolation, _) where flush.settled.count == 1 {
                return lost  // committed after all, by a session that was taken for dead
            } catch .server(let state, let message) where state.isBadValue {
                return await recordHalves(flush, message).union(lost)
            } catch .encoding(let message) {
                return await recordHalves(flush, message).union(lost)
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(100))
                guard case .lost = error else { continue }
                if let first = flush.settled.first {
                    if await wasRecorded(first.invocation) { return lost }
                } else if await recount(Set(flush.stats.map(\.shard))) {
                    flush.stats = []
                }
            }
        }
        return lost
    }

    private func write(_ flush: Flush) async throws(PostgresError) {
        let settled = flush.settled.filter { $0.fate == .settled }.map(\.delivery)
        let retried = flush.settled.compactMap { settled -> RescheduleDeliveries.Retry? in
            guard case .retry(let at) = settled.fate else { return nil }
            return .init(settled.delivery, againAt: at, attempts: settled.invocation.attempt)
        }
        _ = try await pool.transact(
            SettleDeliveries(settled), RescheduleDeliveries(retried),
            InsertInvocations(flush.settled.map(\.row)),
            AddDeliveryStats(flush.stats), SaveLaneStates(flush.lanes),
            RequireShards(flush.shards, ownedBy: worker))
    }

    /// One value of it is refused: halves are tried until the bad one stands alone, and is recorded without bytes.
    private func recordHalves(_ flush: Flush, _ message: String) async -> Set<Shard> {
        guard flush.settled.count > 1 else {
            guard let bad = flush.settled.first, bad.invocation.request != nil || bad.invocation.response != nil else {
                logger.error(
                    "Outcome not recorded",
                    metadata: [
                        "error": "\(message)", "delivery.id": "\(flush.settled.first?.delivery.id, default: "none")",
                    ])
                return []
            }
            var rest = flush
            rest.settled = [bad.withoutBytes]
            return await record(rest)
        }
        let (first, second) = flush.halves
        let lost = await record(first)
        return await record(second).union(lost)
    }

    private func myShards() async -> Set<Shard>? {
        let leases = await insist { () throws(PostgresError) in try await pool.execute(FindLeases()) }
        return leases.map { Set($0.filter { $0.owner == worker }.map(\.shard)) }
    }

    /// Whether the transaction with this outcome was committed although nobody answered.
    private func wasRecorded(_ invocation: Invocation) async -> Bool {
        let found = await insist { () throws(PostgresError) in
            try await pool.execute(
                InvocationExists(shard: invocation.shard, webhook: invocation.webhookID, invocation: invocation.id))
        }
        return found?.first ?? false
    }

    /// Counters alone, of which nobody knows whether they were committed, are counted again from the history.
    private func recount(_ shards: Set<Shard>) async -> Bool {
        let since = permit.databaseNow.startOfMinute + .seconds(-60)
        return await insist { () throws(PostgresError) in
            try await pool.execute(RecountDeliveryStats(shards: shards.sorted(), since: since))
        } != nil
    }

    /// Asks until there is an answer; nil when the task is cancelled before.
    private func insist<Value>(_ ask: () async throws(PostgresError) -> Value) async -> Value? {
        while !Task.isCancelled {
            do {
                return try await ask()
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(100))
            }
        }
        return nil
    }

    // MARK: Beside the batches

    /// Deletes the first rows of a lane whose webhook is gone. Returns how many there were.
    func emptyLane(of webhook: Webhook.ID, in shard: Shard, atMost count: Int) async throws(PostgresError) -> Int {
        let (deleted, _) = try await pool.transact(
            CancelLane(shard: shard, webhook: webhook, limit: count), RequireShards([shard], ownedBy: worker))
        return deleted.count
    }

    /// Gives leases back behind everything that was recorded for them.
    func giveBack(_ shards: Set<Shard>, last flush: Flush) async {
        _ = await record(flush)
        let leases = await insist { () throws(PostgresError) in try await pool.execute(FindLeases()) } ?? []
        let mine = leases.filter { $0.owner == worker && shards.contains($0.shard) }
        _ = await insist { () throws(PostgresError) in
            try await pool.execute(GiveShards(mine.map(\.shard), epochs: mine.map(\.epoch), ownedBy: worker))
        }
    }
}
