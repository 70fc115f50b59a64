import ArgumentParser
import Foundation

/// `martlet up`: a whole stack on this machine. Starts what does not run and leaves the rest alone.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start a whole stack on this machine and send an order through it.",
        discussion: """
            Without MARTLET_DATABASE_URL it runs a private PostgreSQL in the directory. Safe to repeat: it starts what \
            does not run and leaves the rest alone. Everything it starts outlives it; `martlet down` ends it.
            """)

    @OptionGroup var options: UpOptions

    func run() async throws {
        let directory = try StackDirectory(options.stack.directory)
        let lock = try StackLock(directory)
        defer { lock.release() }
        var start = try StackStart(directory: directory, options: options)
        let urls = try await start.all()
        if options.demo {
            let demo = Demo(
                api: urls.api, ingester: urls.ingester, receiver: urls.receiver,
                tokenSecret: start.secrets.tokenSecret, webhookSecret: start.secrets.demoWebhookSecret,
                record: directory.recordFile)
            try await demo.run()
        }
        Terminal.line("")
        for (label, url) in urls.shown { Terminal.line(label.padding(toLength: 10, withPad: " ", startingAt: 0) + url) }
        Terminal.line("settings  \(directory.environmentFile)")
        Terminal.line("logs      \(directory.log)")
    }
}
