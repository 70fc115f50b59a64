/// Fast receivers by themselves; then beside as many that answer after 2 to 5 seconds.
final class SlowReceiverScenario: Sendable {
    private static let slowPerSecond = 100
    /// What the fast ones may be owed before the load holds back.
    private static let window = 4_000

    private let stage: BenchStage
    private let plan: BenchPlan

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        try await TimedReceiver.open(delay: 2...5) { slow in [try await self.run(slow)] }
    }

    private func run(_ slow: TimedReceiver) async throws -> Section {
        let urls = [stage.nginx.url, slow.url]
        let fast = try await stage.tenants(plan.tenants) { _ in [urls[0]] }
        let late = try await stage.tenants(plan.tenants, more: #""timeoutMs":10000"#) { _ in [urls[1]] }
        let whole = try await StageWatch(stage)
        try await stage.warmUp(fast, plan: plan, deliveries: 2_000)
        let seconds = plan.seconds(quick: 6, full: 30)
        let alone = try await deliver(to: fast, seconds: seconds)
        let beside = try await withThrowingTaskGroup(of: Round?.self) { group in
            group.addTask {
                try await self.postSlowly(late, seconds: seconds + 3)
                return nil
            }
            group.addTask {
                _ = try await Deadline.wait(for: .seconds(3)) { false }  // until the slow ones hold requests
                return try await self.deliver(to: fast, seconds: seconds)
            }
            return try await group.reduce(into: [Round]()) { $0 += $1.map { [$0] } ?? [] }.first
        }
        guard let beside else { throw CommandFailure("nothing was measured") }

        var section = Section("slow-receiver")
        section.add("fast webhooks alone", alone.rate, .perSecond)
        section.add("fast webhooks beside the slow ones", beside.rate, .perSecond)
        section.add("of their rate alone", beside.rate / max(alone.rate, 1), .ratio)
        section.add("slow webhooks, offered", Double(Self.slowPerSecond), .perSecond)
        section.add("slow webhooks, requests", Double(slow.requests), .count)
        section.add(Percentiles(try await stage.database.latencies(of: fast)).figures("accept → fast receiver"))
        section.add(beside.usage.figures(deliveries: beside.received))
        section.add(stage.memory())
        let fate = try await stage.database.fate(of: fast)
        section.add(fate, accepted: alone.accepted + beside.accepted, received: try await whole.received())
        return section
    }

    private struct Round: Sendable {
        let rate: Double
        let accepted: Int
        let received: Int
        let usage: Usage
    }

    private func deliver(to tenants: [BenchTenant], seconds: Int) async throws -> Round {
        let start = try await stage.snapshot()
        let watch = try await StageWatch(stage)
        let load = BatchLoad(tenants: tenants, payload: plan.payload, batch: plan.batch)
        let end = ContinuousClock.now + .seconds(seconds)
        try await load.run(
            events: .max, isOver: { ContinuousClock.now >= end },
            isFull: { load.accepted - (try await watch.received()) >= Self.window })
        let received = try await watch.arrival(of: load.accepted)
        let usage = Usage(start: start, end: try await stage.snapshot())
        return Round(
            rate: Double(received) / usage.seconds, accepted: load.accepted, received: received, usage: usage)
    }

    private func postSlowly(_ tenants: [BenchTenant], seconds: Int) async throws {
        let payload = [plan.payload]
        try await PacedLoad(perSecond: Self.slowPerSecond, seconds: seconds).run { number in
            let body = Array(payload[0].event(resource: String(number)).utf8)
            let tenant = tenants[number % tenants.count]
            _ = try await tenant.ingester.require([202], "POST", "/company/events", body: body)
        }
    }
}
