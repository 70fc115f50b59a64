import Epoll
import Logging
import Postgres
import Store

/// Brings a database into the form that this version needs, and lets the services log in.
struct SchemaUpdate {
    /// The owner's.
    let url: String

    /// Whether the database takes connections.
    var isPossible: Bool {
        get async {
            let reactor = Reactor()
            defer { reactor.stop() }
            guard
                let configuration = try? PostgresConfiguration(
                    url: url, applicationName: "martlet-migrate", maximumSessions: 1),
                let session = try? await PostgresConnection.connect(configuration, on: reactor)
            else { return false }
            await session.close()
            return true
        }
    }

    /// - Returns: how many migrations it took.
    func run(rolePasswords: [ServiceRole: String]) async throws -> Int {
        let reactor = Reactor()
        defer { reactor.stop() }
        var logger = Logger(label: "migrate")
        logger.logLevel = .warning
        let applied = try await Migrator(url: url, on: reactor, logger: logger).migrate()
        if !rolePasswords.isEmpty {
            let session = try await connect(on: reactor)
            for (role, password) in rolePasswords { try await session.setPassword(password, of: role) }
            await session.close()
        }
        return applied.count
    }

    /// Tries again for half a minute: services that may not log in yet ask all the time, and disks that have just taken
    /// a schema are slow.
    private func connect(on reactor: Reactor) async throws -> PostgresConnection {
        let configuration = try PostgresConfiguration(url: url, applicationName: "martlet-migrate", maximumSessions: 1)
        for _ in 1...5 {
            if let session = try? await PostgresConnection.connect(configuration, on: reactor) { return session }
        }
        return try await PostgresConnection.connect(configuration, on: reactor)
    }

    /// - Parameter passwords: by the role's name.
    static func rolePasswords(_ passwords: [String: String]) throws -> [ServiceRole: String] {
        var byRole: [ServiceRole: String] = [:]
        for (name, password) in passwords {
            guard let role = ServiceRole(rawValue: name) else {
                let names = ServiceRole.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure("no role is called \(name); there are: \(names)")
            }
            byRole[role] = password
        }
        return byRole
    }
}
