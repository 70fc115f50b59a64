/// As many events as go through, until all of them are delivered: one in a POST, then in batches.
final class ThroughputScenario: Sendable {
    private let stage: BenchStage
    private let plan: BenchPlan
    private let floor: Floor

    init(stage: BenchStage, plan: BenchPlan, floor: Floor) {
        self.stage = stage
        self.plan = plan
        self.floor = floor
    }

    func run() async throws -> [Section] {
        try await TimedReceiver.open(delay: 2...5) { slow in
            [try await self.run(batch: 1, slow: slow), try await self.run(batch: self.plan.batch, slow: slow)]
        }
    }

    private func run(batch: Int, slow: TimedReceiver) async throws -> Section {
        var section = Section(batch == 1 ? "throughput, one event a POST" : "throughput, batches of \(batch)")
        let urls = [stage.nginx.url, stage.nginx.failingURL, slow.url]
        let choice = [plan.receiver]
        let more =
            #""maxConcurrency":64,"timeoutMs":10000"# + (plan.receiver == .fast ? "" : #","retry":{"maxAttempts":1}"#)
        let whole = try await StageWatch(stage)
        let tenants = try await stage.tenants(plan.tenants, more: more) { [choice[0].url(of: $0, among: urls)] }
        let slowBefore = slow.requests
        if plan.receiver != .slow { try await stage.warmUp(tenants, plan: plan, deliveries: 2_000) }

        // In the window: no query of ours but the two of each snapshot.
        let seconds = plan.seconds(quick: batch == 1 ? 6 : 4, full: 20)
        let script = WrkScript(
            events: batch, of: plan.payload, tenants: tenants.map(\.identifier), token: stage.token,
            firstNumber: 1_000_000)
        let start = try await stage.snapshot()
        let watch = try await StageWatch(stage)
        let outcome = try await Wrk(script: script, connections: batch == 1 ? 64 : 16)
            .run(against: stage.ingesterURL, seconds: seconds)
        let accepted = outcome.accepted * batch
        let during = try await watch.received()
        let due = Int(Double(accepted) * plan.receiver.nginxShare)
        let received = try await watch.arrival(of: due, patience: .seconds(20))
        let usage = Usage(start: start, end: try await stage.snapshot())

        section.add("offered", outcome.perSecond * Double(batch), .perSecond)
        section.add("refused POSTs", Double(outcome.refused), .count)
        section.add("POST, p50", outcome.p50, .milliseconds)
        section.add("POST, p99", outcome.p99, .milliseconds)
        section.add("delivered while events come", Double(during) / Double(seconds), .perSecond)
        let rate = Double(received) / usage.seconds
        section.add("sustained: accepted and delivered, end to end", rate, .perSecond)
        section.add(
            "  of the raw POST rate", rate / floor.posts, .share, goal: .atLeast(batch == 1 ? 1.0 / 15 : 1.0 / 11))
        section.add(Percentiles(try await stage.database.latencies(of: tenants)).figures("accept → receiver"))
        section.add(usage.figures(deliveries: received, isGoal: batch == 1))
        if received < due { section.note("only \(received) of \(due) arrived; the wait for them is in the rate") }
        if usage.hadCheckpoint { section.note("a checkpoint fell into the window: more WAL") }
        if usage.end.statements == nil { section.note("pg_stat_statements is not loaded: statements are not counted") }
        section.add(stage.memory())
        let fate = try await stage.database.fate(of: tenants)
        section.add(
            fate, accepted: accepted, received: try await whole.received() + slow.requests - slowBefore)
        return section
    }
}

extension BenchPlan.Receiver {
    /// - Parameter urls: fast, failing, slow.
    func url(of number: Int, among urls: [String]) -> String {
        switch self {
        case .fast: urls[0]
        case .failing: urls[1]
        case .slow: urls[2]
        case .mixed: urls[number % 3]
        }
    }

    /// How much of all goes to nginx.
    var nginxShare: Double {
        switch self {
        case .fast, .failing: 1
        case .slow: 0
        case .mixed: 2.0 / 3
        }
    }
}
