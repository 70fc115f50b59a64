import ArgumentParser

/// `martlet migrate`: brings the database into the form that this version needs.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database into the form that this version needs.",
        discussion: """
            Works on MARTLET_DATABASE_URL, which must name the owner. With passwords for the services' roles \
            (martlet_api, martlet_ingester, martlet_delivery, martlet_metrics) these may log in afterwards; without, \
            they stay as they are.
            """)

    @Option(
        help: """
            File with lines `role=password`; '-' takes them from MARTLET_ROLE_PASSWORDS, where commas may stand for \
            line ends.
            """)
    var rolePasswords: String?

    @Option(help: "Seconds to wait for the database, while it is not there yet.")
    var wait = 0

    func run() async throws {
        let surroundings = Surroundings()
        let url = try surroundings.required("MARTLET_DATABASE_URL")
        if wait > 0, try await !Deadline.wait(for: .seconds(wait), until: { await SchemaUpdate(url: url).isPossible }) {
            throw CommandFailure("the database was not there within \(wait) seconds")
        }
        let applied = try await SchemaUpdate(url: url)
            .run(rolePasswords: SchemaUpdate.rolePasswords(try passwords(surroundings)))
        Terminal.line(applied == 0 ? "nothing to do" : "\(applied) migrations applied")
    }

    private func passwords(_ surroundings: Surroundings) throws -> [String: String] {
        guard let rolePasswords else { return [:] }
        guard rolePasswords == "-" else {
            let values = SettingsFile(path: rolePasswords).values
            guard !values.isEmpty else { throw CommandFailure("\(rolePasswords) holds no line `role=password`") }
            return values
        }
        let text = try surroundings.required("MARTLET_ROLE_PASSWORDS")
        return SettingsFile(parsing: text.replacing(",", with: "\n")).values
    }
}
