import Epoll
import Postgres
import Store
import Webhooks

/// What somebody must do now and then; that several workers do it does no harm.
extension Dispatcher {
    static let interval = Duration.seconds(5)
    static let purgedAtOnce = 10_000
    /// In intervals.
    static let minute = 12
    static let hour = 720
    /// Rounds in which the health of all webhooks is looked at once.
    static let healthTurns = 4
    /// Shards a round whose whole queue is read.
    static let shardsToExpire = 8

    /// Deletes old wakes, and what nobody needs of lanes any more; switches off webhooks that only fail; and makes the
    /// partitions of coming days, and settles what is owed of events past retention: at the start, then every hour.
    func keepHouse() async {
        var (round, turn) = (0, 0)
        var looked: Set<Shard> = []  // whether something of them has expired, within the hour
        while !Task.isCancelled {
            await attempt { () async throws(PostgresError) in
                if round % Self.hour == 0 {
                    _ = try await self.pool.execute(EnsurePartitions())
                    looked.removeAll()
                }
                _ = try await self.pool.execute(PurgeWakes(limit: Self.purgedAtOnce))
                if round % Self.minute == 0 {
                    self.debouncer.purge(at: self.permit.databaseNow)
                    _ = try await self.pool.execute(
                        PurgeLaneStates(shards: self.owned.sorted(), limit: Self.purgedAtOnce))
                }
                round += 1
            }
            await attempt { () async throws(PostgresError) in try await self.disableFailing() }
            await attempt { () async throws(PostgresError) in
                let shards = self.owned.filter { Int($0.number) % Self.healthTurns == turn % Self.healthTurns }
                try await self.tellOfHealth(in: shards.sorted())
            }
            await attempt { () async throws(PostgresError) in
                let next = self.owned.subtracting(looked).sorted().prefix(Self.shardsToExpire)
                for shard in next {
                    try await self.expire(in: shard, acceptedBefore: self.permit.databaseNow - self.retention)
                }
                looked.formUnion(next)
            }
            turn += 1
            await reactor.pause(for: Self.interval)
        }
    }

    /// What fails keeps none of the others back, and has its next chance soon.
    private func attempt(_ step: () async throws(PostgresError) -> Void) async {
        do { try await step() } catch { meters.databaseFailed(error, logger) }
    }
}
