import ArgumentParser

/// `martlet soak`: kills everything in turn under load, and looks for what was lost. Exit code 1 if anything was.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Kill every process in turn under load, and count what is lost.",
        discussion: """
            Starts a stack of its own with two delivery workers, posts events steadily, and kills (kill -9) API, \
            ingester, workers, metrics and PostgreSQL in random order, again and again; `martlet up` brings back what \
            is not there. At the end every event that was answered 202 must be settled or pending. Duplicates are \
            counted: they are allowed.
            """)

    @Option(help: "Seconds of load and killing.")
    var seconds: Int = 600

    @Option(help: "Events a second.")
    var perSecond: Int = 100

    @Option(help: "Tenants.")
    var tenants: Int = 12

    @Option(help: "Where the stack is made; must not hold anything else.")
    var directory: String = ".local/soak"

    func validate() throws {
        guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds is 1 to 86400") }
        guard (1...5_000).contains(perSecond) else { throw ValidationError("--per-second is 1 to 5000") }
        guard (1...200).contains(tenants) else { throw ValidationError("--tenants is 1 to 200") }
    }

    func run() async throws {
        let soak = SoakRun(
            folder: try await .take(directory), seconds: seconds, perSecond: perSecond, tenants: tenants)
        let tally: SoakTally
        do {
            tally = try await Interruption.ends { try await soak.run() }
        } catch {
            await soak.folder.removeAfterFailure()
            throw error
        }
        try await soak.folder.remove()
        Terminal.line(tally.text)
        if tally.lost > 0 { throw ExitCode(1) }
    }
}
