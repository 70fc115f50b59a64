import Epoll
import Postgres
import Store

/// What somebody must do now and then; that several workers do it does no harm.
extension Dispatcher {
    static let interval = Duration.seconds(5)
    static let purgedAtOnce = 10_000
    /// In intervals.
    static let minute = 12
    static let hour = 720

    /// Deletes old wakes, and what nobody needs of lanes any more; switches off webhooks that only fail; and makes the
    /// partitions of coming days: at the start, then every hour.
    func keepHouse() async {
        var round = 0
        while !Task.isCancelled {
            do {
                if round % Self.hour == 0 { _ = try await pool.execute(EnsurePartitions()) }
                _ = try await pool.execute(PurgeWakes(limit: Self.purgedAtOnce))
                if round % Self.minute == 0 {
                    debouncer.purge(at: permit.databaseNow)
                    _ = try await pool.execute(PurgeLaneStates(shards: owned.sorted(), limit: Self.purgedAtOnce))
                }
                try await disableFailing()
                round += 1
            } catch {
                meters.databaseFailed(error, logger)
            }
            await reactor.pause(for: Self.interval)
        }
    }
}
