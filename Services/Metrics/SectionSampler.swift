import Hosting
import Logging
import Prometheus
import ServiceLifecycle

/// Asks for some families now and then and shows them on the board; what takes long is asked for more rarely.
struct SectionSampler: Service {
    let section: MetricsBoard.Section
    let interval: Duration
    let board: MetricsBoard
    let logger: Logger
    let sample: @Sendable () async throws -> [MetricFamily]

    func run() async { await cancelWhenGracefulShutdown { await sampleOnAndOn() } }

    private func sampleOnAndOn() async {
        var restsUntil = ContinuousClock.now
        for await now in Ticker(every: interval) where now >= restsUntil {
            do {
                board.show(try await sample(), as: section)
            } catch {
                logger.debug("Not sampled", metadata: ["section": "\(section.rawValue)", "error": "\(error)"])
            }
            let finished = ContinuousClock.now
            restsUntil = finished + (finished - now) * 9
        }
    }
}
