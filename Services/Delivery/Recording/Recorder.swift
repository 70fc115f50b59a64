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
struct Recorder: Sendable {
    let worker: Worker.ID
    /// One session of its own: a give-back comes behind the last flush.
    let pool: PostgresPool
    let reactor: Reactor
    let meters: DeliveryMeters
    let logger: Logger

    /// Returns once the batch is committed, or belongs to somebody else, or the task is cancelled.
    /// - Returns: the shards of the batch that are not this worker's any more.
    func record(_ batch: [SettledDelivery], stats: [DeliveryStatsRow]) async -> Set<Shard> {
        var (batch, stats, lost) = (batch, stats, Set<Shard>())
        while !batch.isEmpty || !stats.isEmpty, !Task.isCancelled {
            do {
                try await write(batch, stats)
                meters.databaseAnswered(logger)
                return lost
            } catch .server(.shardLost, _) {
                guard let mine = await myShards() else { continue }
                lost.formUnion(Set(batch.map(\.delivery.shard)).union(stats.map(\.shard)).subtracting(mine))
                batch.removeAll { lost.contains($0.delivery.shard) }
                stats.removeAll { lost.contains($0.shard) }
            } catch .server(.uniqueViolation, _) where batch.count == 1 {
                return lost  // committed after all, by a session that was taken for dead
            } catch .server(let state, let message) where state.isBadValue {
                return await recordHalves(batch, stats, lost, message)
            } catch .encoding(let message) {
                return await recordHalves(batch, stats, lost, message)
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(100))
                if case .lost = error, await wasRecorded(batch, stats) { return lost }
            }
        }
        return lost
    }

    private func write(_ batch: [SettledDelivery], _ stats: [DeliveryStatsRow]) async throws(PostgresError) {
        let settled = batch.filter { $0.fate == .settled }.map(\.delivery)
        let retried = batch.compactMap { settled -> RescheduleDeliveries.Retry? in
            guard case .retry(let at) = settled.fate else { return nil }
            return .init(settled.delivery, againAt: at, attempts: settled.invocation.attempt)
        }
        let shards = Set(batch.map(\.delivery.shard)).union(stats.map(\.shard))
        _ = try await pool.transact(
            SettleDeliveries(settled), RescheduleDeliveries(retried), InsertInvocations(batch.map(\.invocation)),
            AddDeliveryStats(stats),
            RequireShards(shards, ownedBy: worker))
    }

    /// One value of the batch is refused: halves are tried until the bad one stands alone, and is recorded without
    /// bytes.
    private func recordHalves(
        _ batch: [SettledDelivery], _ stats: [DeliveryStatsRow], _ lost: Set<Shard>, _ message: String
    ) async -> Set<Shard> {
        guard batch.count > 1 else {
            guard let bad = batch.first, bad.invocation.request != nil || bad.invocation.response != nil else {
                logger.error(
                    "Outcome not recorded",
                    metadata: ["error": "\(message)", "delivery.id": "\(batch.first?.delivery.id, default: "none")"])
                return lost
            }
            return await record([bad.withoutBytes], stats: stats).union(lost)
        }
        let middle = batch.count / 2
        let first = await record(Array(batch[..<middle]), stats: [])
        return await record(Array(batch[middle...]), stats: stats).union(first).union(lost)
    }

    private func myShards() async -> Set<Shard>? {
        do {
            return Set(try await pool.execute(FindLeases()).filter { $0.owner == worker }.map(\.shard))
        } catch {
            meters.databaseFailed(error, logger)
            await reactor.pause(for: .milliseconds(100))
            return nil
        }
    }

    /// Whether the batch was committed although nobody answered. Counters alone are counted again instead.
    private func wasRecorded(_ batch: [SettledDelivery], _ stats: [DeliveryStatsRow]) async -> Bool {
        while !Task.isCancelled {
            do {
                guard let first = batch.first?.invocation else {
                    _ = try await pool.execute(recount(Set(stats.map(\.shard))))
                    return true
                }
                let found = try await pool.execute(
                    InvocationExists(shard: first.shard, webhook: first.webhookID, invocation: first.id))
                return found.first ?? false
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(100))
            }
        }
        return false
    }

    private func recount(_ shards: Set<Shard>) -> RecountDeliveryStats {
        RecountDeliveryStats(shards: shards.sorted(), since: Instant.now.startOfMinute + .seconds(-60))
    }

    // MARK: Beside the batches

    /// Deletes the first rows of a lane whose webhook is gone. Returns how many there were.
    func emptyLane(of webhook: Webhook.ID, in shard: Shard, atMost count: Int) async throws(PostgresError) -> Int {
        let (deleted, _) = try await pool.transact(
            CancelLane(shard: shard, webhook: webhook, limit: count), RequireShards([shard], ownedBy: worker))
        return deleted.count
    }

    /// Gives leases back behind everything that was recorded for them.
    func giveBack(_ shards: Set<Shard>, stats: [DeliveryStatsRow]) async {
        _ = await record([], stats: stats)
        while !Task.isCancelled {
            do {
                _ = try await pool.execute(GiveShards(shards.sorted(), ownedBy: worker))
                return
            } catch {
                meters.databaseFailed(error, logger)
                await reactor.pause(for: .milliseconds(100))
            }
        }
    }
}
