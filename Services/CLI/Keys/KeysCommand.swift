import ArgumentParser
import Epoll
import Postgres
import Webhooks

/// `martlet keys`: the keys of secrets at rest.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make keys for secrets at rest, and replace them.",
        subcommands: [Generate.self, Rotate.self])

    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new entry for MARTLET_ENCRYPTION_KEYS.")

        @Argument(help: "Its id: 1 to 32 letters, digits or -_.")
        var id: String

        func run() async throws {
            let entry = EncryptionKeys.generateEntry(id: id)
            guard (try? EncryptionKeys(parsing: entry)) != nil else { throw CommandFailure("\(id) cannot be an id") }
            Terminal.line(entry)
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal every secret in the database with the first of MARTLET_ENCRYPTION_KEYS.",
            discussion: """
                To replace a key: put a new one first and keep the old one behind it, in the settings of the API and \
                of delivery, and restart them; then run this, with the same keys and the owner's \
                MARTLET_DATABASE_URL. It works beside the services, and can be stopped and run again. A day after it \
                reported nothing unreadable, when the answers that the API keeps for Idempotency-Key are gone, the \
                old key can go.
                """)

        func run() async throws {
            let surroundings = Surroundings()
            let url = try surroundings.required("MARTLET_DATABASE_URL")
            let keys = try EncryptionKeys(parsing: surroundings.required("MARTLET_ENCRYPTION_KEYS"))
            let reactor = Reactor()
            defer { reactor.stop() }
            let configuration = try PostgresConfiguration(url: url, applicationName: "martlet-keys", maximumSessions: 1)
            let session = try await PostgresConnection.connect(configuration, on: reactor)
            let tally = try await KeyRotation(session: session, keys: keys).run()
            await session.close()
            Terminal.line(
                "key \(keys.currentID): \(tally.resealed) secrets sealed anew, \(tally.current) were already")
            guard tally.unreadable == 0 else {
                throw CommandFailure("\(tally.unreadable) secrets cannot be opened: is their key missing?")
            }
        }
    }
}
