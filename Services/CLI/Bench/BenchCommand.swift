import ArgumentParser
import Foundation

/// `martlet bench`: measures a stack on this machine, beside what the machine can do without it.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure Martlet on this machine, by scenarios.",
        discussion: """
            Starts a stack of its own for each scenario, durable as in production, with nginx as receiver and wrk as \
            load; everything shares this machine, and is ended and removed afterwards. A goal that is missed is told \
            and is no failure. Scenarios (all if none is named):

            """
                + BenchScenario.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

    @Argument(help: "Which scenarios, in this order.")
    var scenarios: [BenchScenario] = []

    @OptionGroup var size: BenchSizeOptions

    @Option(help: "Measure the stack that runs in this folder (.local) instead; it keeps running.")
    var target: String?

    @Option(help: "Where the stack is made; must not hold anything else.")
    var directory: String = ".local/bench"

    @Option(help: "Rounds; the figures are their medians.")
    var runs: Int = 1

    @Option(help: "File that all figures are written to as JSON; '-' for standard output in place of the table.")
    var json: String?

    /// Scenarios that fill tables by hand.
    private static let fill: Set<BenchScenario> = [.backlog, .listing]

    func validate() throws {
        guard (1...100).contains(runs) else { throw ValidationError("--runs is 1 to 100") }
        guard target == nil || !scenarios.contains(where: Self.fill.contains) else {
            throw ValidationError("backlog and listing stop and fill their stack: without --target only")
        }
    }

    func run() async throws {
        let all = BenchScenario.allCases.filter { target == nil || !Self.fill.contains($0) }
        let round = BenchRound(
            folder: try await .take(directory), scenarios: scenarios.isEmpty ? all : scenarios, plan: size.plan,
            runs: runs, target: target)
        let report: BenchReport
        do {
            report = try await Interruption.ends { try await round.measure() }
        } catch {
            await round.folder.removeAfterFailure()
            throw error
        }
        try await round.folder.remove()
        try show(report)
    }

    private func show(_ report: BenchReport) throws {
        guard let json else { return Terminal.line("\n" + report.text) }
        let data = try report.json()
        guard json != "-" else { return Terminal.line(String(decoding: data, as: UTF8.self)) }
        Terminal.line("\n" + report.text)
        guard FileManager.default.createFile(atPath: json, contents: data) else {
            throw CommandFailure("cannot write \(json)")
        }
    }
}
