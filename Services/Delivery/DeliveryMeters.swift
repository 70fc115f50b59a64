import Logging
import Metrics
import Postgres
import Synchronization
import Webhooks

/// What this worker tells of itself on `/metrics`, and the outages it logs: each once.
final class DeliveryMeters: Sendable {
    private let outcomes: [Outcome: Counter]
    private let failures: [ErrorClass: Counter]
    /// Deliveries that were settled, by the outcome of their last invocation.
    private let settled: [Outcome: Counter]
    private let latency = Metrics.Timer(label: "martlet_worker_delivery_latency_seconds")
    private let flushSize = Metrics.Recorder(label: "martlet_worker_flush_deliveries")
    private let flushTime = Metrics.Timer(label: "martlet_worker_flush_seconds")
    private let scanTime = Metrics.Timer(label: "martlet_worker_scan_seconds")
    private let shards = Gauge(label: "martlet_worker_shards_owned")
    private let isDatabaseAway = Mutex(false)

    init() {
        outcomes = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, Counter(label: "martlet_worker_invocations_total", dimensions: [("outcome", $0.name)]))
            })
        settled = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, Counter(label: "martlet_worker_deliveries_total", dimensions: [("outcome", $0.name)]))
            })
        failures = Dictionary(
            uniqueKeysWithValues: ErrorClass.allCases.map {
                ($0, Counter(label: "martlet_worker_failures_total", dimensions: [("error_class", $0.name)]))
            })
    }

    func started(attempt: Int16, accepted: Instant, at now: Instant) {
        if attempt == 1 { latency.record(duration: now - accepted) }
    }

    func ended(_ invocation: Invocation) {
        outcomes[invocation.outcome]?.increment()
        if invocation.isFinal { settled[invocation.outcome]?.increment() }
        if let errorClass = invocation.errorClass { failures[errorClass]?.increment() }
    }

    func flushed(_ count: Int, took duration: Duration) {
        flushSize.record(count)
        flushTime.record(duration: duration)
    }

    func scanned(took duration: Duration) { scanTime.record(duration: duration) }

    func owns(_ count: Int) { shards.record(count) }

    /// Logs the first failure of an outage.
    func databaseFailed(_ error: PostgresError, _ logger: Logger) {
        let isNew = isDatabaseAway.withLock { isAway in
            defer { isAway = true }
            return !isAway
        }
        if isNew { logger.warning("Database failed", metadata: ["error": "\(error)"]) }
    }

    /// Logs the end of an outage.
    func databaseAnswered(_ logger: Logger) {
        let wasAway = isDatabaseAway.withLock { isAway in
            defer { isAway = false }
            return isAway
        }
        if wasAway { logger.notice("Database answers again") }
    }
}
