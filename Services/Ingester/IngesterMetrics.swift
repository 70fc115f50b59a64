import Prometheus

/// What the ingester counts, by name in `/metrics`.
struct IngesterMetrics: Sendable {
    private let registry: MetricRegistry
    /// `martlet_events_accepted_total`: events of 202 answers, repetitions left out.
    let accepted: Counter
    /// `martlet_events_repeated_total`: events of 202 answers whose key was known.
    let repeated: Counter
    /// `martlet_ingest_batch_events`: events a commit.
    let batchEvents: Histogram
    /// `martlet_ingest_commit_seconds`: from the first statement sent to the commit's answer.
    let commitSeconds: Histogram

    init(_ registry: MetricRegistry) {
        self.registry = registry
        accepted = registry.counter(
            "martlet_events_accepted_total", help: "Events that were stored, with all of their deliveries.")
        repeated = registry.counter(
            "martlet_events_repeated_total", help: "Events that were accepted and not stored again.")
        batchEvents = registry.histogram(
            "martlet_ingest_batch_events", help: "Events in one commit.",
            bounds: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000])
        commitSeconds = registry.histogram("martlet_ingest_commit_seconds", help: "Seconds that one commit took.")
    }

    /// `martlet_ingest_rejected_total{code}`: requests that were refused, by the code of their problem.
    func reject(_ code: String) {
        registry.counter(
            "martlet_ingest_rejected_total", help: "Requests that were refused, by the code of the problem.",
            labels: ["code": code]
        ).increment()
    }
}
