import Prometheus
import Store
import Webhooks

/// Queue and counters as metric families: names, labels and units are those of the API's page.
enum DeliveryFamilies {
    static func queue(_ sample: QueueSample) -> [MetricFamily] {
        let states = [("due", sample.due), ("scheduled", sample.scheduled), ("held", sample.held)]
        return [
            MetricFamily(
                "martlet_queue_depth", .gauge,
                help: "Pending deliveries: due now, due later, or of webhooks not active.",
                series: states.map { .init(["state": $0.0], .number(Double($0.1))) }),
            MetricFamily(
                "martlet_queue_oldest_due_age_seconds", .gauge, help: "How long the oldest due delivery has been due.",
                sample.oldestDueAge),
        ]
    }

    /// One series for each outcome; failures by their class.
    static func invocations(_ counts: DeliveryCounts) -> [MetricFamily] {
        let others = [
            (Outcome.succeeded, counts.succeeded), (.debounced, counts.debounced), (.discarded, counts.discarded),
        ]
        let failures = ErrorClass.allCases.map { errorClass in
            series(.failed, errorClass.name, counts.errors[Int(errorClass.rawValue)])
        }
        return [
            MetricFamily(
                "martlet_invocations_total", .counter, help: "Invocations by outcome and error class.",
                series: others.map { series($0.0, "", $0.1) } + failures)
        ]
    }

    private static func series(_ outcome: Outcome, _ errorClass: String, _ count: Int) -> MetricFamily.Series {
        .init(Labels([("outcome", outcome.name), ("error_class", errorClass)]), .number(Double(count)))
    }

    /// Windows without an invocation have no series.
    static func ratios(_ ratios: MetricsBoard.SuccessRatios) -> [MetricFamily] {
        let windows = [("5m", ratios.fiveMinutes), ("1h", ratios.hour), ("24h", ratios.day)]
        return [
            MetricFamily(
                "martlet_success_ratio", .gauge, help: "Share of succeeded invocations, 0 to 1.",
                series: windows.compactMap { window, ratio in
                    ratio.map { .init(["window": window], .number($0)) }
                })
        ]
    }

    static func histograms(_ counts: DeliveryCounts) -> [MetricFamily] {
        let bounds = LatencyBuckets.bounds.map { Double($0) / 1000 }
        return [
            MetricFamily(
                "martlet_invocation_duration_seconds", .histogram, help: "From a request's start to its end.",
                series: [
                    histogram(bounds, counts.durations, sum: Double(counts.durationMilliseconds) / 1000)
                ]),
            MetricFamily(
                "martlet_delivery_latency_seconds", .histogram,
                help: "From an event's acceptance to its first request; the sum is reckoned from the buckets' middles.",
                series: [histogram(bounds, counts.latencies, sum: estimatedSum(bounds, counts.latencies))]),
        ]
    }

    private static func histogram(_ bounds: [Double], _ counts: [Int], sum: Double) -> MetricFamily.Series {
        .init(
            [], .histogram(HistogramSnapshot(bounds: bounds, counts: counts.map { UInt64(clamping: $0) }, sum: sum)))
    }

    /// The table keeps latencies by bucket only.
    private static func estimatedSum(_ bounds: [Double], _ counts: [Int]) -> Double {
        counts.enumerated().reduce(0) { sum, bucket in
            let lower = bucket.offset == 0 ? 0 : bounds[bucket.offset - 1]
            let upper = bucket.offset < bounds.count ? bounds[bucket.offset] : lower
            return sum + Double(bucket.element) * (lower + upper) / 2
        }
    }
}
