import CoreMetrics
import Testing

@testable import Prometheus

@Suite struct MetricRegistryTests {
    let registry = MetricRegistry()

    private func lines(_ prefix: String) async -> [String] {
        String(decoding: await registry.exposition(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(prefix) }
    }

    @Test func oneNameAndLabelsIsOneObject() async {
        let one = registry.counter("martlet_events_total", help: "E.", labels: ["outcome": "accepted"])
        let same = registry.counter("martlet_events_total", help: "E.", labels: ["outcome": "accepted"])
        let other = registry.counter("martlet_events", help: "E.", labels: ["outcome": "refused"])
        #expect(one === same && one !== other)
        one.increment()
        other.increment(by: 4)
        #expect(
            await lines("martlet_") == [
                #"martlet_events_total{outcome="accepted"} 1"#, #"martlet_events_total{outcome="refused"} 4"#,
            ])
    }

    @Test func aNameHasOneType() async {
        registry.counter("martlet_x_total", help: "X.").increment()
        let stray = registry.gauge("martlet_x_total", help: "X.")
        stray.set(9)
        #expect(stray.value == 9)
        #expect(await lines("# TYPE martlet_x") == ["# TYPE martlet_x_total counter"])
        #expect(await lines("martlet_x") == ["martlet_x_total 1"])
    }

    @Test func gaugesRiseAndFall() {
        let gauge = registry.gauge("martlet_depth", help: "D.")
        gauge.set(5)
        gauge.increment(by: 2)
        gauge.decrement()
        #expect(gauge.value == 6)
    }

    @Test func histogramsCountByBucket() {
        let histogram = registry.histogram("martlet_d_seconds", help: "D.", bounds: [0.125, 1, 1, 0.5, .infinity])
        for value in [0.125, 0.25, 1, 7, .nan] { histogram.observe(value) }
        histogram.observe(.milliseconds(62.5))
        #expect(histogram.snapshot == HistogramSnapshot(bounds: [0.125, 1], counts: [2, 2, 1], sum: 8.4375))
        #expect(histogram.snapshot.count == 5)
    }

    @Test func nothingIsLostBetweenThreads() async {
        let counter = registry.counter("martlet_c_total", help: "C.")
        let gauge = registry.gauge("martlet_g", help: "G.")
        let histogram = registry.histogram("martlet_h_seconds", help: "H.", bounds: [1])
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for step in 0..<5000 {
                        counter.increment()
                        gauge.increment(by: 0.5)
                        histogram.observe(Double(step % 3))
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        #expect(gauge.value == 20_000)
        #expect(histogram.snapshot.count == 40_000)
        #expect(histogram.snapshot.sum == 8 * Double((0..<5000).reduce(0) { $0 + $1 % 3 }))
    }

    @Test func collectorsAreAskedAtEachScrape() async {
        let asked = registry.gauge("martlet_scrapes", help: "S.")
        registry.collect {
            asked.increment()
            return [MetricFamily("martlet_asked", .gauge, help: "A.", asked.value)]
        }
        #expect(await lines("martlet_asked") == ["martlet_asked 1"])
        #expect(await lines("martlet_asked") == ["martlet_asked 2"])
    }

    @Test func aCollectorCannotDoubleAName() async {
        registry.gauge("martlet_up", help: "U.").set(1)
        registry.collect { [MetricFamily("martlet_up", .gauge, help: "U.", 0)] }
        #expect(await lines("martlet_up") == ["martlet_up 1"])
    }

    @Test func librariesCountThroughSwiftMetrics() async {
        let counter = CoreMetrics.Counter(label: "pool.opened", dimensions: [("kind", "a")], factory: registry)
        counter.increment(by: 3)
        CoreMetrics.Meter(label: "pool.size", factory: registry).set(7)
        CoreMetrics.Gauge(label: "pool.last", factory: registry).record(2.5)
        let timer = CoreMetrics.Timer(label: "pool.wait", factory: registry)
        timer.recordMilliseconds(20)
        #expect(await lines("pool_opened") == [#"pool_opened_total{kind="a"} 3"#])
        #expect(await lines("pool_size") == ["pool_size 7"])
        #expect(await lines("pool_last") == ["pool_last 2.5"])
        #expect(await lines("pool_wait_seconds_sum") == ["pool_wait_seconds_sum 0.02"])
        #expect(await lines("pool_wait_seconds_bucket{le=\"0.025\"}") == ["pool_wait_seconds_bucket{le=\"0.025\"} 1"])
        counter.reset()
        #expect(await lines("pool_opened") == [#"pool_opened_total{kind="a"} 0"#])
        counter.destroy()
        #expect(await lines("pool_opened").isEmpty)
    }

    @Test(
        "/proc/self/stat is read from behind the name, which may hold anything",
        arguments: [
            ("12 (a) b) c) S 1 2 3 4 5 6 7 8 9 10 70 30 0 0 20 0 9 0 555 1000 42 x", 100, 555, 42)
        ])
    func stat(text: String, ticks: UInt64, start: UInt64, resident: UInt64) throws {
        let stat = try #require(ProcessMetrics.Stat(text: text))
        #expect(stat.ticks == ticks && stat.startTicks == start && stat.residentPages == resident)
        #expect(ProcessMetrics.Stat(text: "12 (a) S 1") == nil && ProcessMetrics.Stat(text: "") == nil)
    }

    @Test func theProcessTellsOfItself() async {
        let values = Dictionary(
            ProcessMetrics.families().map { family -> (String, Double) in
                guard case .number(let value) = family.series[0].value else { return (family.name, -1) }
                return (family.name, value)
            }, uniquingKeysWith: { $1 })
        #expect((values["process_resident_memory_bytes"] ?? 0) > 1_000_000)
        #expect((values["process_open_fds"] ?? 0) >= 3)
        #expect((values["process_cpu_seconds_total"] ?? -1) >= 0)
        #expect((values["process_start_time_seconds"] ?? 0) > 1_600_000_000)
        #expect((values["process_max_fds"] ?? 0) >= (values["process_open_fds"] ?? .infinity))
    }
}
