import Webhooks

/// One call of `martlet bench`: every scenario on a fresh stack, as often as was asked for.
final class BenchRound: Sendable {
    let folder: BenchFolder
    private let scenarios: [BenchScenario]
    private let plan: BenchPlan
    private let runs: Int
    private let target: String?

    init(folder: BenchFolder, scenarios: [BenchScenario], plan: BenchPlan, runs: Int, target: String?) {
        self.folder = folder
        self.scenarios = scenarios
        self.plan = plan
        self.runs = runs
        self.target = target
    }

    func measure() async throws -> BenchReport {
        var report = BenchReport(isQuick: plan.isQuick, runs: runs, startedAt: .now)
        var rounds: [[Section]] = []
        for number in 1...runs {
            if runs > 1 { Terminal.note("run \(number) of \(runs)") }
            rounds.append(try await measureOnce())
        }
        report.sections = rounds[0].compactMap { section in
            Section.median(of: rounds.flatMap { $0.filter { $0.name == section.name } })
        }
        return report
    }

    private func measureOnce() async throws -> [Section] {
        var sections: [Section] = []
        var floor: Floor?
        for scenario in scenarios {
            if target == nil { Terminal.note("\(scenario.rawValue): starting a stack …") }
            let stage = try await stage()
            do {
                let known: Floor
                if let floor { known = floor } else { known = try await .measure(on: stage, plan: plan) }
                if floor == nil { sections.append(known.section) }
                floor = known
                Terminal.note("\(scenario.rawValue): \(scenario.summary) …")
                sections += try await scenario.run(on: stage, plan: plan, floor: known)
            } catch {
                await stage.end()
                throw error
            }
            await stage.end()
            try await folder.empty()
        }
        return sections
    }

    private func stage() async throws -> BenchStage {
        if let target { return try await .attach(to: target, folder: folder) }
        return try await .start(in: folder)
    }
}
