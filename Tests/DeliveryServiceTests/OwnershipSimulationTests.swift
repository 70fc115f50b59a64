import Foundation
import Testing

@testable import DeliveryService

/// Random schedules of beats, stops, deaths, outages and take-overs, on a simulated clock. `MARTLET_SEED` is the first
/// schedule's, `MARTLET_SCHEDULES` how many there are.
@Suite("Ownership, simulated")
struct OwnershipSimulationTests {
    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test("No two workers send or settle for one shard, and none is long without a worker")
    func schedules() {
        let first = Self.setting("MARTLET_SEED") ?? .random(in: 0..<1 << 32)
        let count = Self.setting("MARTLET_SCHEDULES") ?? 1000
        var sends = 0, settles = 0, takeOvers = 0
        for seed in first..<first + count {
            let simulation = OwnershipSimulation(seed: seed)
            simulation.run()
            if let violation = simulation.violation {
                Issue.record("MARTLET_SEED=\(seed): \(violation)\n\(simulation.story.joined(separator: "\n"))")
                return
            }
            sends += simulation.sends
            settles += simulation.settles
            takeOvers += simulation.takeOvers
        }
        #expect(sends > 0 && settles > 0 && takeOvers >= 64 * count)
    }

    @Test("Each rule is needed: without it a schedule is found that breaks the promise", arguments: Flaw.allCases)
    func flaws(_ flaw: Flaw) {
        for seed in UInt64(0)..<2000 {
            let simulation = OwnershipSimulation(seed: seed, flaw: flaw)
            simulation.run()
            if simulation.violation != nil { return }
        }
        Issue.record("nothing went wrong with \(flaw)")
    }
}
