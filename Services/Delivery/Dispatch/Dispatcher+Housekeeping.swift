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
        var round = 0
        var looked: Set<Shard> = []  // whether something of them has expired, within the hour
        while !Task.isCancelled {
            do {
                if round % Self.hour == 0 { _ = try await pool.execute(EnsurePartitions()) }
                _ = try await pool.execute(PurgeWakes(limit: Self.purgedAtOnce))
                if round % Self.minute == 0 {
                    debouncer.purge(at: permit.databaseNow)
                    _ = try await pool.execute(PurgeLaneStates(shards: owned.sorted(), limit: Self.purgedAtOnce))
                }
                try await disableFailing()
                let turn = round % Self.healthTurns
                try await tellOfHealth(in: owned.filter { Int($0.number) % Self.healthTurns == turn }.sorted())
                if round % Self.hour == 0 { looked.removeAll() }
                let next = owned.subtracting(looked).sorted().prefix(Self.shardsToExpire)
                for shard in next { try await expire(in: shard, acceptedBefore: permit.databaseNow - retention) }
                looked.formUnion(next)
                round += 1
            } catch {
                meters.databaseFailed(error, logger)
            }
            await reactor.pause(for: Self.interval)
        }
    }
}
