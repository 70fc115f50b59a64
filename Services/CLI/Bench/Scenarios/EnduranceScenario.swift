/// Many deliveries in one run, posted as fast as they are delivered: what the last tenth costs against the first.
final class EnduranceScenario: Sendable {
    /// What may be owed before the load holds back.
    private static let window = 5_000

    private let stage: BenchStage
    private let plan: BenchPlan

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        let url = stage.nginx.url
        let tenants = try await stage.tenants(plan.tenants) { _ in [url] }
        let whole = try await StageWatch(stage)
        let deliveries = plan.events(quick: 60_000, full: 3_000_000)
        // The load begins before the first tenth and ends after the last: each has as much to take in as to deliver.
        let ahead = max(2 * Self.window, deliveries / 100)
        let watch = try await StageWatch(stage)
        let load = BatchLoad(tenants: tenants, payload: plan.payload, batch: plan.batch)
        let marks = try await withThrowingTaskGroup(of: [Mark].self) { group in
            group.addTask { try await self.marks(watch, from: ahead, deliveries: deliveries) }
            group.addTask {
                try await load.run(
                    events: ahead + deliveries + 2 * Self.window,
                    isFull: { load.accepted - (try await watch.received()) >= Self.window })
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        guard marks.count == 11 else { throw CommandFailure("the receiver got nothing for a minute") }

        var section = Section("endurance, \(deliveries) deliveries")
        let tenths = zip(marks, marks.dropFirst()).map { Tenth($0, $1) }
        let usage = Usage(start: marks[0].snapshot, end: marks[10].snapshot)
        section.add("sustained", Double(marks[10].received - marks[0].received) / usage.seconds, .perSecond)
        section.add("CPU a delivery, first tenth", tenths[0].martlet, .microseconds)
        section.add("CPU a delivery, last tenth", tenths[9].martlet, .microseconds)
        section.add("last against first", tenths[9].martlet / tenths[0].martlet, .ratio, goal: .atMost(1.15))
        section.add("PostgreSQL alone, last against first", tenths[9].postgres / tenths[0].postgres, .ratio)
        section.add("delivery alone, last against first", tenths[9].delivery / tenths[0].delivery, .ratio)
        section.note("CPU by tenth, µs: " + tenths.map { String(Int($0.martlet.rounded())) }.joined(separator: " "))
        section.add(Percentiles(try await stage.database.latencies(of: tenants)).figures("accept → receiver"))
        section.add(usage.figures(deliveries: marks[10].received - marks[0].received))
        section.add("memory of delivery after a tenth", marks[1].memory, .mebibytes)
        section.add(stage.memory())
        let fate = try await stage.database.fate(of: tenants)
        section.add(fate, accepted: load.accepted, received: try await whole.received())
        return [section]
    }

    private struct Mark: Sendable {
        let received: Int
        let snapshot: Snapshot
        /// Of delivery, in MiB.
        let memory: Double
    }

    private struct Tenth {
        /// Microseconds of processor time a delivery.
        let martlet: Double
        let postgres: Double
        let delivery: Double

        init(_ start: Mark, _ end: Mark) {
            let usage = Usage(start: start.snapshot, end: end.snapshot)
            let scale = 1e6 / Double(max(end.received - start.received, 1))
            martlet = max(usage.martlet, 0.000_001) * scale
            postgres = max(usage.cpu(.postgres), 0.000_001) * scale
            delivery = max(usage.cpu(.delivery), 0.000_001) * scale
        }
    }

    /// When `first` have arrived, and whenever another tenth has.
    private func marks(_ watch: StageWatch, from first: Int, deliveries: Int) async throws -> [Mark] {
        var marks: [Mark] = []
        for tenth in 0...10 {
            let due = first + deliveries / 10 * tenth
            guard try await watch.arrival(of: due) >= due else { break }
            let received = try await watch.received()
            let memory = stage.memory().first { $0.name.contains("delivery") }?.value ?? 0
            marks.append(Mark(received: received, snapshot: try await stage.snapshot(), memory: memory))
        }
        return marks
    }
}
