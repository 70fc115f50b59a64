import Synchronization
import Webhooks

/// A steady, small load: how long an event takes from its acceptance to its receiver.
final class LatencyScenario: Sendable {
    static let perSecond = 200

    private let stage: BenchStage
    private let plan: BenchPlan
    private let accepted = Mutex(0)

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        try await TimedReceiver.open { receiver in [try await self.run(receiver)] }
    }

    private func run(_ receiver: TimedReceiver) async throws -> Section {
        let url = [receiver.url]
        let tenants = try await stage.tenants(plan.tenants) { _ in url }
        try await post(tenants, seconds: 2)
        let began = Instant.now
        let start = try await stage.snapshot()
        let before = receiver.requests
        let seconds = plan.seconds(quick: 10, full: 60)
        try await post(tenants, seconds: seconds)
        let count = accepted.withLock(\.self)
        _ = try await Deadline.wait(for: .seconds(30)) { receiver.events >= count }
        let usage = Usage(start: start, end: try await stage.snapshot())

        var section = Section("latency, \(Self.perSecond) events a second")
        let latencies = receiver.latencies { $0.ulid.milliseconds >= began.milliseconds }
        section.add("offered", Double(Self.perSecond), .perSecond)
        section.add("sustained", Double(latencies.count) / usage.seconds, .perSecond)
        section.add(
            Percentiles(latencies).figures("accept → receiver", p50: .atMost(5), p99: .atMost(20)))
        section.add(usage.figures(deliveries: receiver.requests - before))
        section.add(stage.memory())
        let fate = try await stage.database.fate(of: tenants)
        section.add(fate, accepted: count, received: receiver.requests)
        section.note("the receiver is a part of the load generator; its time is counted there")
        return section
    }

    private func post(_ tenants: [BenchTenant], seconds: Int) async throws {
        let payload = [plan.payload]
        try await PacedLoad(perSecond: Self.perSecond, seconds: seconds).run { number in
            let body = Array(payload[0].event(resource: String(number)).utf8)
            let tenant = tenants[number % tenants.count]
            _ = try await tenant.ingester.require([202], "POST", "/company/events", body: body)
            self.accepted.withLock { $0 += 1 }
        }
    }
}
