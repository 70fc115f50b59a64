public import CoreMetrics

/// The backend of swift-metrics: what a library counts through it stands beside Martlet's own metrics.
///
/// Names become Prometheus' (`pool.wait` → `pool_wait_seconds` for a timer), counters get `_total`.
extension MetricRegistry: MetricsFactory {
    private static func help(_ label: String) -> String { "From the library's metric \(label)." }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        CounterBackend(counter: counter(label, help: Self.help(label), labels: Labels(dimensions)))
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        CounterBackend(counter: counter(label, help: Self.help(label), labels: Labels(dimensions)))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        GaugeBackend(gauge: gauge(label, help: Self.help(label), labels: Labels(dimensions)))
    }

    /// One that aggregates is a histogram, any other a gauge of the last value.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return GaugeBackend(gauge: gauge(label, help: Self.help(label), labels: Labels(dimensions)))
        }
        let bounds: [Double] = [1, 10, 100, 1000, 10_000, 100_000]
        return HistogramBackend(
            histogram: histogram(label, help: Self.help(label), labels: Labels(dimensions), bounds: bounds))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        HistogramBackend(
            histogram: histogram(MetricName.seconds(label), help: Self.help(label), labels: Labels(dimensions)))
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(behind: handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(behind: handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(behind: handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(behind: handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(behind: handler) }

    private func remove(behind handler: AnyObject) {
        switch handler {
        case let backend as CounterBackend: remove(backend.counter)
        case let backend as GaugeBackend: remove(backend.gauge)
        case let backend as HistogramBackend: remove(backend.histogram)
        default: break
        }
    }
}

// Objects of their own: as extensions, their overloads would make `gauge.set(5)` ambiguous.

private final class CounterBackend: CounterHandler, FloatingPointCounterHandler {
    let counter: Counter
    init(counter: Counter) { self.counter = counter }

    func increment(by amount: Int64) { counter.increment(by: Int(amount)) }
    func increment(by amount: Double) { counter.increment(byFraction: amount) }
    func reset() { counter.reset() }
}

private final class GaugeBackend: MeterHandler, RecorderHandler {
    let gauge: Gauge
    init(gauge: Gauge) { self.gauge = gauge }

    func set(_ value: Int64) { gauge.set(Double(value)) }
    func set(_ value: Double) { gauge.set(value) }
    func increment(by amount: Double) { gauge.increment(by: amount) }
    func decrement(by amount: Double) { gauge.decrement(by: amount) }
    func record(_ value: Int64) { gauge.set(Double(value)) }
    func record(_ value: Double) { gauge.set(value) }
}

private final class HistogramBackend: TimerHandler, RecorderHandler {
    let histogram: Histogram
    init(histogram: Histogram) { self.histogram = histogram }

    func recordNanoseconds(_ duration: Int64) { histogram.observe(Double(duration) / 1e9) }
    func record(_ value: Int64) { histogram.observe(Double(value)) }
    func record(_ value: Double) { histogram.observe(value) }
}
