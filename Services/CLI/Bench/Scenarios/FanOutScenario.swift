/// One event to many webhooks, against one event to one.
final class FanOutScenario: Sendable {
    private let stage: BenchStage
    private let plan: BenchPlan

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        let url = stage.nginx.url
        let deliveries = plan.events(quick: 40_000, full: 400_000)
        let ones = try await stage.tenants(plan.tenants) { _ in [url] }
        let single = try await deliver(deliveries, to: ones, fanOut: 1)
        let urls = Array(repeating: url, count: plan.fanOut)
        let broad = try await stage.tenants(1) { _ in urls }
        let fanned = try await deliver(deliveries, to: broad, fanOut: plan.fanOut)

        var section = Section("fanout, 1 event → \(plan.fanOut) webhooks")
        section.add("1:1, deliveries", single.rate, .perSecond)
        section.add("1:\(plan.fanOut), deliveries", fanned.rate, .perSecond)
        section.add("of the 1:1 rate", fanned.rate / max(single.rate, 1), .ratio, goal: .atLeast(1.3))
        section.add(Percentiles(try await stage.database.latencies(of: broad)).figures("accept → receiver"))
        section.add(fanned.usage.figures(deliveries: fanned.received))
        section.add(stage.memory())
        section.add(
            try await stage.database.fate(of: broad), accepted: fanned.accepted, fanOut: plan.fanOut,
            received: fanned.total)
        return [section]
    }

    private struct Round: Sendable {
        let rate: Double
        let accepted: Int
        let received: Int
        /// With the warm-up.
        let total: Int
        let usage: Usage
    }

    /// Posts in batches until so many are owed; the clock stops when all have arrived.
    private func deliver(_ deliveries: Int, to tenants: [BenchTenant], fanOut: Int) async throws -> Round {
        let whole = try await StageWatch(stage)
        try await stage.warmUp(tenants, plan: plan, deliveries: 2_000, fanOut: fanOut)
        let start = try await stage.snapshot()
        let watch = try await StageWatch(stage)
        let load = BatchLoad(
            tenants: tenants, payload: plan.payload, batch: fanOut == 1 ? plan.batch : max(1, 1_000 / fanOut))
        try await load.run(events: deliveries / fanOut)
        let received = try await watch.arrival(of: load.accepted * fanOut)
        let usage = Usage(start: start, end: try await stage.snapshot())
        return Round(
            rate: Double(received) / usage.seconds, accepted: load.accepted, received: received,
            total: try await whole.received(), usage: usage)
    }
}
