import Epoll
import Postgres

/// Replays of the shards that this worker owns.
extension Dispatcher {
    static let replayInterval = Duration.milliseconds(250)
    static let replayIdleInterval = Duration.seconds(1)

    func runReplays() async {
        var runner = ReplayRunner(pool: pool, recorder: recorder)
        while !Task.isCancelled {
            var progress = ReplayRunner.Progress()
            let shards = owned.subtracting(leaving)
            if permit.isValid, !shards.isEmpty {
                do { progress = try await runner.step(shards, at: .now) } catch {
                    meters.databaseFailed(error, logger)
                }
            }
            if progress.hasQueued { wakeSignal.raise() }
            await reactor.pause(for: progress.isRunning ? Self.replayInterval : Self.replayIdleInterval)
        }
    }
}
