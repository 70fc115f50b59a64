import Synchronization
import Webhooks

/// Quiet tenants by themselves; then beside a tenant that posts 100 times as much as all of them together, and one
/// whose endpoint takes 5 s for each request.
final class FairnessScenario: Sendable {
    /// Of each quiet tenant.
    private static let perSecond = 2
    private static let flood = 100
    private static let hangingPerSecond = 20

    private let stage: BenchStage
    private let plan: BenchPlan
    private let counts = Mutex((quiet: 0, quietRefused: 0, flood: 0, refused: 0))

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        try await TimedReceiver.open { quiet in
            try await TimedReceiver.open(delay: 5...5) { hanging in
                [try await self.run(quiet: quiet, hanging: hanging)]
            }
        }
    }

    private func run(quiet: TimedReceiver, hanging: TimedReceiver) async throws -> Section {
        let urls = [quiet.url, stage.nginx.url, hanging.url]
        let tenants = try await stage.tenants(plan.tenants) { _ in [urls[0]] }
        let loud = try await stage.tenants(1) { _ in [urls[1]] }
        let stuck = try await stage.tenants(1, more: #""timeoutMs":10000"#) { _ in [urls[2]] }
        try await postQuietly(tenants, seconds: 2)
        let seconds = plan.seconds(quick: 10, full: 60)

        let aloneFrom = Instant.now.milliseconds
        try await postQuietly(tenants, seconds: seconds)
        let aloneUntil = Instant.now.milliseconds

        let watch = try await StageWatch(stage)
        let start = try await stage.snapshot()
        let from = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.flood(loud, seconds: seconds + 2) }
            group.addTask { try await self.postToHanging(stuck, seconds: seconds + 2) }
            _ = try await Deadline.wait(for: .seconds(1)) { false }  // the flood comes first
            let began = Instant.now.milliseconds
            try await self.postQuietly(tenants, seconds: seconds)
            try await group.waitForAll()
            return began
        }
        let flooded = try await watch.received()
        let usage = Usage(start: start, end: try await stage.snapshot())
        let (posted, quietRefused, sent, refused) = counts.withLock(\.self)
        _ = try await Deadline.wait(for: .seconds(30)) { quiet.events >= posted }

        let alone = Percentiles(quiet.latencies { (aloneFrom..<aloneUntil).contains($0.ulid.milliseconds) })
        let beside = Percentiles(quiet.latencies { $0.ulid.milliseconds >= from })
        var section = Section("fairness")
        section.add("quiet tenants together, offered", Double(Self.perSecond * plan.tenants), .perSecond)
        section.add("quiet tenants, refused", Double(quietRefused), .count)
        section.add("the flood, taken", Double(sent) / Double(seconds + 2), .perSecond)
        section.add("the flood, refused POSTs", Double(refused), .count)
        section.add("the flood, delivered", Double(flooded) / usage.seconds, .perSecond)
        section.add("the hanging endpoint, requests", Double(hanging.requests), .count)
        section.add(alone.figures("quiet tenants alone"))
        section.add(beside.figures("quiet tenants beside them", p99: .atMost(2 * alone[0.99] + 5)))
        section.add(usage.figures(deliveries: flooded + beside.count + hanging.requests))
        section.add(stage.memory())
        let fate = try await stage.database.fate(of: tenants)
        section.add(fate, accepted: posted, received: quiet.requests)
        return section
    }

    private func postQuietly(_ tenants: [BenchTenant], seconds: Int) async throws {
        let payload = [plan.payload]
        try await PacedLoad(perSecond: Self.perSecond * tenants.count, seconds: seconds).run { number in
            let body = Array(payload[0].event(resource: "q\(number)").utf8)
            let tenant = tenants[number % tenants.count]
            let status = try await tenant.ingester.send("POST", "/company/events", body: body).status
            self.counts.withLock { counts in
                if status == 202 { counts.quiet += 1 } else { counts.quietRefused += 1 }
            }
        }
    }

    private func flood(_ tenants: [BenchTenant], seconds: Int) async throws {
        let payload = [plan.payload]
        try await PacedLoad(perSecond: Self.perSecond * plan.tenants, seconds: seconds).run { number in
            let events = (0..<Self.flood).map { payload[0].event(resource: "f\(number)-\($0)") }
            let body = Array(("[" + events.joined(separator: ",") + "]").utf8)
            let status = try await tenants[0].ingester.send("POST", "/company/events", body: body).status
            self.counts.withLock { counts in
                if status == 202 { counts.flood += Self.flood } else { counts.refused += 1 }
            }
        }
    }

    private func postToHanging(_ tenants: [BenchTenant], seconds: Int) async throws {
        let payload = [plan.payload]
        try await PacedLoad(perSecond: Self.hangingPerSecond, seconds: seconds).run { number in
            let body = Array(payload[0].event(resource: "h\(number)").utf8)
            _ = try await tenants[0].ingester.send("POST", "/company/events", body: body)
        }
    }
}
