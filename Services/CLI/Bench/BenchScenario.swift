import ArgumentParser

/// A kind of load, by the name that a user gives.
enum BenchScenario: String, CaseIterable, ExpressibleByArgument, Sendable {
    case throughput, latency, fairness, backlog, fanout
    case slowReceiver = "slow-receiver"
    case endurance, listing

    /// What it does, for the help.
    var summary: String {
        switch self {
        case .throughput: "as many events as go through, one a POST and in batches, until all are delivered"
        case .latency: "200 events a second: from acceptance to the receiver"
        case .fairness: "quiet tenants alone, then beside a flood and an endpoint that hangs"
        case .backlog: "the drain of a large queue over 1 000 webhooks, 200 of them dead, against a small one"
        case .fanout: "one event to many webhooks, against one to one"
        case .slowReceiver: "fast receivers alone, then beside as many that take 2 to 5 s"
        case .listing: "lists and searches of a tenant with 10 000 webhooks and millions of events and invocations"
        case .endurance: "many deliveries in one run: what the last tenth costs against the first"
        }
    }

    func run(on stage: BenchStage, plan: BenchPlan, floor: Floor) async throws -> [Section] {
        switch self {
        case .throughput: try await ThroughputScenario(stage: stage, plan: plan, floor: floor).run()
        case .latency: try await LatencyScenario(stage: stage, plan: plan).run()
        case .fairness: try await FairnessScenario(stage: stage, plan: plan).run()
        case .backlog: try await BacklogScenario(stage: stage, plan: plan).run()
        case .fanout: try await FanOutScenario(stage: stage, plan: plan).run()
        case .slowReceiver: try await SlowReceiverScenario(stage: stage, plan: plan).run()
        case .listing: try await ListingScenario(stage: stage, plan: plan).run()
        case .endurance: try await EnduranceScenario(stage: stage, plan: plan).run()
        }
    }
}
