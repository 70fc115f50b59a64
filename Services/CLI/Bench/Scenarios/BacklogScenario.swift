/// A queue that was filled while nobody delivered, over many webhooks some of which are dead: how fast it drains.
final class BacklogScenario: Sendable {
    private static let tenants = 50
    private static let webhooksEach = 20
    private static let deadEach = 4
    private static let small = 20_000

    private let stage: BenchStage
    private let plan: BenchPlan

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        guard stage.isOwn else { throw CommandFailure("backlog empties its database: only in a stack of its own") }
        let fast = stage.nginx.url
        let dead = "http://127.0.0.1:\(try StackPorts.free())/nobody"
        let urls = (0..<Self.webhooksEach).map { $0 < Self.deadEach ? dead : fast }
        let tenants = try await stage.tenants(Self.tenants) { _ in urls }
        let few = try await drain(tenants, pending: Self.small)
        let pending = plan.events(quick: 100_000, full: 2_000_000)
        let many = try await drain(tenants, pending: pending)
        var section = Section("backlog")
        section.add("drain rate, small queue of \(Self.small)", few.rate, .perSecond)
        section.add("drain rate, large queue of \(pending)", many.rate, .perSecond)
        section.add("large against small", many.rate / max(few.rate, 1), .ratio, goal: .atLeast(0.9))
        let fewCost = few.usage.martlet / Double(max(few.delivered, 1)) * 1e6
        section.add("CPU a delivery, small queue, the worker's start included", fewCost, .microseconds)
        section.add("until the first arrives", many.firstAfter, .milliseconds)
        section.add(many.usage.figures(deliveries: many.delivered))
        section.add(stage.memory(goal: .atMost(250)))
        let fate = try await stage.database.fate(of: tenants, patience: .zero)
        section.add(fate, accepted: 0, fanOut: Self.webhooksEach, received: nil)
        if many.delivered < many.alive { section.note("only \(many.delivered) of \(many.alive) arrived in time") }
        section.note("\(Self.deadEach * Self.tenants) of the webhooks are dead; their deliveries stay pending")
        return [section]
    }

    private struct Drain: Sendable {
        /// Between the first and the last tenth.
        var rate = 0.0
        var firstAfter = 0.0
        var delivered = 0
        /// Deliveries to webhooks that are not dead.
        let alive: Int
        let usage: Usage
    }

    private func drain(_ tenants: [BenchTenant], pending: Int) async throws -> Drain {
        Terminal.note("backlog: \(pending) pending …")
        try await stage.stopDelivery()
        try await stage.database.forget()
        let webhooks = Self.tenants * Self.webhooksEach
        try await stage.database.fill(tenants, perTenant: max(1, pending / webhooks), payload: plan.payload)
        let alive = max(1, pending / webhooks) * Self.tenants * (Self.webhooksEach - Self.deadEach)

        let start = try await stage.snapshot()
        let watch = try await StageWatch(stage)
        let samples = try await withThrowingTaskGroup(of: [Sample]?.self) { group in
            group.addTask {
                try await self.stage.startAgain()
                return nil
            }
            group.addTask { try await self.sample(watch, until: alive) }
            return try await group.reduce(into: []) { $0 += $1 ?? [] }
        }
        var drain = Drain(alive: alive, usage: Usage(start: start, end: try await stage.snapshot()))
        drain.delivered = samples.last?.count ?? 0
        let window = samples.filter { $0.count * 10 >= alive && $0.count * 10 <= alive * 9 }
        if let first = window.first, let last = window.last, last.at > first.at {
            drain.rate = Double(last.count - first.count) / ((last.at - first.at) / .seconds(1))
        }
        drain.firstAfter = samples.first { $0.count > 0 }.map { ($0.at - start.at) / .milliseconds(1) } ?? 0
        return drain
    }

    private struct Sample: Sendable {
        let at: ContinuousClock.Instant
        let count: Int
    }

    /// What has arrived, every 20 ms; until all has, or none does for half a minute.
    private func sample(_ watch: StageWatch, until alive: Int) async throws -> [Sample] {
        var samples: [Sample] = []
        var last = Sample(at: .now, count: 0)
        _ = try await Deadline.wait(for: .seconds(3600)) {
            let sample = Sample(at: .now, count: try await watch.received())
            samples.append(sample)
            if sample.count > last.count { last = sample }
            return sample.count >= alive || sample.at - last.at > .seconds(30)
        }
        return samples
    }
}
