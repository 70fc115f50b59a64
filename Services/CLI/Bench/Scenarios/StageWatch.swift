/// The receiver of a stage, counted from now on.
struct StageWatch: Sendable {
    private let stage: BenchStage
    private let before: Int

    init(_ stage: BenchStage) async throws {
        self.stage = stage
        before = try await stage.nginx.received()
    }

    /// Requests since it was made.
    func received() async throws -> Int { try await stage.nginx.received() - before }

    /// Waits until `count` have come; a minute without any is the end.
    /// - Returns: how many have come.
    func arrival(of count: Int, patience: Duration = .seconds(60)) async throws -> Int {
        var received = 0
        var last = ContinuousClock.now
        while true {
            let before = received
            _ = try await Deadline.wait(for: .seconds(1)) {
                received = try await self.received()
                return received >= count
            }
            if received >= count { return received }
            if received > before { last = .now }
            if ContinuousClock.now - last > patience { return received }
        }
    }
}

extension BenchStage {
    /// Posts some events and waits for them, so that plans, connections and caches are there.
    func warmUp(_ tenants: [BenchTenant], plan: BenchPlan, deliveries: Int, fanOut: Int = 1) async throws {
        let watch = try await StageWatch(self)
        let batch = max(1, 50 / fanOut)
        let load = BatchLoad(tenants: tenants, payload: plan.payload, batch: batch)
        try await load.run(events: max(deliveries / fanOut, batch * tenants.count))
        _ = try await watch.arrival(of: load.accepted * fanOut)
    }
}

extension Section {
    /// What was lost and what came twice. `received`: requests at the receivers; nil where nobody counted.
    mutating func add(_ fate: EventFate, accepted: Int, fanOut: Int = 1, received: Int? = nil) {
        add("pending at the end", Double(fate.pending), .count)
        add("lost", Double(max(0, accepted - fate.events) + fate.lost(fanOut: fanOut)), .count, goal: .atMost(0))
        // While some are pending, a request that the history has not may still be under way.
        let unrecorded = fate.pending == 0 ? received.map { max(0, $0 - fate.invocations) } ?? 0 : 0
        add("duplicates", Double(fate.repeated + unrecorded), .count)
    }
}
