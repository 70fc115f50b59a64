import Synchronization

/// All metrics of a process: objects made here, those made through swift-metrics, and what collectors tell at a scrape.
public final class MetricRegistry: Sendable {
    /// Tells the present values of some families; called once a scrape, so it answers from memory.
    public typealias Collector = @Sendable () async -> [MetricFamily]

    enum Instrument: Sendable {
        case counter(Counter), gauge(Gauge), histogram(Histogram)

        var kind: MetricFamily.Kind {
            switch self {
            case .counter: .counter
            case .gauge: .gauge
            case .histogram: .histogram
            }
        }

        var value: MetricFamily.Value {
            switch self {
            case .counter(let counter): .number(counter.value)
            case .gauge(let gauge): .number(gauge.value)
            case .histogram(let histogram): .histogram(histogram.snapshot)
            }
        }

        var object: AnyObject {
            switch self {
            case .counter(let counter): counter
            case .gauge(let gauge): gauge
            case .histogram(let histogram): histogram
            }
        }
    }

    private struct Family {
        let kind: MetricFamily.Kind
        let help: String
        var series: [(labels: Labels, instrument: Instrument)] = []
        var index: [Labels: Int] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var collectors: [Collector] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// The counter of this name and these labels, made when it is first asked for.
    ///
    /// - Parameters:
    ///   - name: `martlet_…_total`; the suffix is added where it is missing. One name has one kind in a process.
    ///   - labels: bounded: never a URL, an id or anything else that strangers choose.
    public func counter(_ name: String, help: String, labels: Labels = []) -> Counter {
        let made = Counter()
        guard case .counter(let counter) = enter(.counter(made), MetricName.counter(name), help, labels) else {
            return made
        }
        return counter
    }

    /// The gauge of this name and these labels, made when it is first asked for.
    public func gauge(_ name: String, help: String, labels: Labels = []) -> Gauge {
        let made = Gauge()
        guard case .gauge(let gauge) = enter(.gauge(made), MetricName.valid(name), help, labels) else { return made }
        return gauge
    }

    /// The histogram of this name and these labels, made when it is first asked for.
    ///
    /// - Parameters:
    ///   - name: with its base unit: `…_seconds`, `…_bytes`.
    ///   - bounds: upper bounds of the buckets, growing, in that unit.
    public func histogram(
        _ name: String, help: String, labels: Labels = [], bounds: [Double] = Histogram.seconds
    ) -> Histogram {
        let made = Histogram(bounds: bounds)
        guard case .histogram(let found) = enter(.histogram(made), MetricName.valid(name), help, labels) else {
            return made
        }
        return found
    }

    /// Adds families that are known only at a scrape. A name that is taken already is left out of the exposition.
    public func collect(_ collector: @escaping Collector) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Every family now, by name; the process's own among them.
    public func families() async -> [MetricFamily] {
        let (own, collectors) = state.withLock { state in
            let families = state.families.map { name, family in
                let series = family.series.map { MetricFamily.Series($0.labels, $0.instrument.value) }
                return MetricFamily(name, family.kind, help: family.help, series: series)
            }
            return (families, state.collectors)
        }
        var byName: [String: MetricFamily] = [:]
        for family in own + ProcessMetrics.families() { byName[family.name] = family }
        for collector in collectors {
            for family in await collector() {
                let name = MetricName.valid(family.name)
                if byName[name] == nil { byName[name] = family }
            }
        }
        return byName.values.sorted { $0.name < $1.name }
    }

    /// The text that `/metrics` answers, in exposition format 0.0.4.
    public func exposition() async -> [UInt8] { TextFormat.text(of: await families()) }

    /// Enters an instrument under its name and labels, or finds the one that is there. One whose name has another kind
    /// already stays outside, for a family has one `TYPE`; it works, and no scrape shows it.
    func enter(_ made: Instrument, _ name: String, _ help: String, _ labels: Labels) -> Instrument {
        state.withLock { state in
            var family = state.families[name] ?? Family(kind: made.kind, help: help)
            guard family.kind == made.kind else { return made }
            if let place = family.index[labels] { return family.series[place].instrument }
            family.index[labels] = family.series.count
            family.series.append((labels, made))
            state.families[name] = family
            return made
        }
    }

    /// Takes an instrument out, wherever it stands.
    func remove(_ object: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families
            where family.series.contains(where: { $0.instrument.object === object }) {
                var rest = Family(kind: family.kind, help: family.help)
                for series in family.series where series.instrument.object !== object {
                    rest.index[series.labels] = rest.series.count
                    rest.series.append(series)
                }
                state.families[name] = rest.series.isEmpty ? nil : rest
            }
        }
    }
}
