import ArgumentParser

/// `martlet prepare`: the settings of a stack in containers, with secrets that nobody had to invent.
struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Write settings files for a stack in containers.",
        discussion: """
            Into a directory that the containers share: api.env, ingester.env, delivery.env and metrics.env for \
            MARTLET_CONFIG_FILE, tools.env for this tool, roles.env for `martlet migrate --role-passwords`, and \
            owner-password for PostgreSQL. Secrets are made once and stay; all files are for their owner only.
            """)

    @Argument(help: "The directory; it must be there.")
    var directory: String

    @Option(help: "Host name of PostgreSQL.")
    var databaseHost = "postgres"

    @Option(help: "Networks (CIDR list) that may be called although they are private: a receiver in the same stack.")
    var egressAllow = ""

    func run() async throws {
        try ContainerSettings(folder: directory, databaseHost: databaseHost, egressAllow: egressAllow).write()
    }
}
