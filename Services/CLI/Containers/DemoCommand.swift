import ArgumentParser

/// `martlet demo`: an order through a stack that runs elsewhere, and what its receiver got.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Send an order through a running stack to its receiver.",
        discussion: """
            Makes the tenant `demo` and its webhook if they are missing. Needs MARTLET_API_URL, MARTLET_INGEST_URL, \
            MARTLET_RECEIVER_URL, MARTLET_JWT_SECRET, and MARTLET_WEBHOOK_SECRET, by which the receiver verifies.
            """)

    @Option(help: "The file to which the receiver appends what it got (`martlet receive --record`).")
    var record: String

    @Option(help: "Seconds to wait for the services.")
    var wait = 120

    func run() async throws {
        let surroundings = Surroundings()
        let demo = Demo(
            api: try surroundings.required("MARTLET_API_URL"),
            ingester: try surroundings.required("MARTLET_INGEST_URL"),
            receiver: try surroundings.required("MARTLET_RECEIVER_URL"),
            tokenSecret: try surroundings.required("MARTLET_JWT_SECRET"),
            webhookSecret: try surroundings.required("MARTLET_WEBHOOK_SECRET"), record: record)
        for url in [demo.api, demo.ingester] {
            let service = ServiceClient(url: url, engine: try .forCommands())
            guard try await Deadline.wait(for: .seconds(wait), until: { await service.isReady() }) else {
                throw CommandFailure("\(url) is not ready")
            }
        }
        try await demo.run()
    }
}
