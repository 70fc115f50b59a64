import Curl
import Foundation
import Webhooks

/// One run of `martlet up`, step by step.
struct StackStart {
    let directory: StackDirectory
    let options: UpOptions
    let secrets: StackSecrets
    /// Says nothing of what it does.
    var isQuiet = false
    /// A private PostgreSQL is started with `pg_stat_statements`, if it is installed.
    var countsStatements = false
    private let stack: Stack
    private var ports: StackPorts
    private let inherited: [String: String]
    private var environment: StackEnvironment?
    private let engine: HTTPEngine
    private var started: Set<String> = []

    static let demoTenant = "demo"

    /// - Parameter environment: what the stack inherits, the settings of who starts it among it.
    init(
        directory: StackDirectory, options: UpOptions,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.directory = directory
        self.options = options
        inherited = environment
        secrets = try StackSecrets(in: directory, environment: inherited)
        stack = Stack(directory: directory)
        ports = StackPorts(in: directory)
        engine = try .forCommands()
    }

    /// Every step, in turn.
    mutating func all() async throws -> StackURLs {
        try await database()
        try services()
        try receiver()
        try await awaitReadiness()
        return try await writeEnvironment()
    }

    /// The database: reachable, and in the form that this version needs.
    private mutating func database() async throws {
        let database: StackDatabase
        if let url = inherited["MARTLET_DATABASE_URL"], !url.isEmpty, !isOwn(url) {
            database = StackDatabase(ownerURL: url)
            // A shell that has read another stack's martlet.env may not know that it says so: name it.
            if !isQuiet {
                Terminal.note("MARTLET_DATABASE_URL is set: not a database of this stack's own, but \(database.place)")
            }
            report("PostgreSQL", database.place, "MARTLET_DATABASE_URL")
        } else {
            database = try await privateDatabase()
        }
        environment = StackEnvironment(inherited: inherited, secrets: secrets, database: database)
        let applied = try await SchemaUpdate(url: database.ownerURL).run(rolePasswords: secrets.rolePasswords)
        report("migrations", "schema martlet", applied == 0 ? "nothing to do" : "\(applied) applied")
    }

    /// Whether `url` is what this very directory's settings say of its private PostgreSQL: a shell that has read
    /// martlet.env does not mean another database.
    private func isOwn(_ url: String) -> Bool {
        FileManager.default.fileExists(atPath: directory.postgres)
            && SettingsFile(path: directory.environmentFile).values["MARTLET_DATABASE_URL"] == url
    }

    private mutating func privateDatabase() async throws -> StackDatabase {
        var postgres = try await PrivatePostgres(directory: directory)
        postgres.countsStatements = countsStatements
        let name = "postgres"
        if !FileManager.default.fileExists(atPath: directory.postgres), !isQuiet {
            Terminal.line("making a PostgreSQL cluster …")
        }
        try await postgres.create(password: secrets.ownerPassword)
        var word = "already runs"
        if postgres.process.pid == nil {
            let asked = options.postgresPort ?? 0
            try await postgres.start(port: ports.choose(for: name, asked: asked, standard: asked))
            word = "started"
        }
        guard let port = ports[name], let pid = postgres.process.pid else {
            throw CommandFailure("PostgreSQL runs, but not on a port that this directory knows; end it and try again")
        }
        try StackProcess(pidFile: directory.pidFile(of: name), executableName: name).remember(pid)
        try await postgres.createDatabase(password: secrets.ownerPassword, port: port)
        report("PostgreSQL", "127.0.0.1:\(port)", word)
        return StackDatabase(
            ownerURL: PrivatePostgres.url(user: PrivatePostgres.owner, password: secrets.ownerPassword, port: port))
    }

    /// The four services, and the other delivery workers where more than one was asked for.
    private mutating func services() throws {
        for service in StackService.allCases { try start(service, name: service.rawValue) }
        for number in 2..<max(options.workers, 1) + 1 { try start(.delivery, name: "delivery-\(number)") }
    }

    private mutating func start(_ service: StackService, name: String) throws {
        guard stack.process(name).pid == nil else { return }
        let isFirst = name == service.rawValue
        let port = try ports.choose(
            for: name, asked: isFirst ? options.port(of: service) : 0, standard: service.defaultPort)
        let variables = try environment?.variables(for: service, name: name, port: port) ?? [:]
        try spawn([Self.folder + "/" + service.executableName], name: name, variables: variables)
    }

    private mutating func receiver() throws {
        guard stack.process(Stack.receiver).pid == nil else { return }
        let port = try ports.choose(for: Stack.receiver, asked: options.receiverPort, standard: 9000)
        try spawn(
            [Self.folder + "/martlet", "receive", "--port", String(port), "--record", directory.recordFile],
            name: Stack.receiver, variables: environment?.receiverVariables() ?? [:])
    }

    private mutating func spawn(_ command: [String], name: String, variables: [String: String]) throws {
        let pid = try Spawn.detached(command, environment: variables, log: directory.logFile(of: name))
        try stack.process(name).remember(pid)
        started.insert(name)
    }

    /// Returns when everything is ready.
    private func awaitReadiness() async throws {
        for name in stack.names where isDue(name) {
            let url = "http://127.0.0.1:\(ports[name] ?? 0)"
            let client = ServiceClient(url: url, engine: engine)
            let isReady = try await Deadline.wait(for: .seconds(60)) {
                guard stack.process(name).pid != nil else { throw CommandFailure(failure(of: name, "ended at once")) }
                return name == Stack.receiver
                    ? !StackPorts.isFree(ports[name] ?? 0) : await client.isReady()
            }
            guard isReady else { throw CommandFailure(failure(of: name, "did not get ready within a minute")) }
            report(name, url, started.contains(name) ? "started, ready" : "ran already, ready")
        }
    }

    /// What was asked for, and what runs from an earlier time.
    private func isDue(_ name: String) -> Bool {
        guard let number = Int(name.split(separator: "-").last ?? "") else { return true }
        return number <= options.workers || stack.process(name).pid != nil
    }

    private func failure(of name: String, _ what: String) -> String {
        let log = (try? String(contentsOfFile: directory.logFile(of: name), encoding: .utf8)) ?? ""
        let end = log.split(separator: "\n").suffix(8).joined(separator: "\n")
        return "\(name) \(what); see \(directory.logFile(of: name))\n\(end)"
    }

    /// Writes down where everything is, for people, scripts and the other commands.
    private func writeEnvironment() async throws -> StackURLs {
        let urls = StackURLs(ports: ports)
        let claims = AccessClaims(
            subject: "martlet-up", tenants: [Self.demoTenant], permissions: AccessClaims.permissions, issuedAt: .now,
            seconds: 365 * 86400)
        let values = [
            ("MARTLET_API_URL", urls.api), ("MARTLET_INGEST_URL", urls.ingester), ("MARTLET_METRICS_URL", urls.metrics),
            ("MARTLET_RECEIVER_URL", urls.receiver), ("MARTLET_TENANT", Self.demoTenant),
            ("MARTLET_TOKEN", try await claims.signed(with: secrets.tokenSecret)),
            ("MARTLET_JWT_SECRET", secrets.tokenSecret), ("MARTLET_DATABASE_URL", environment?.database.ownerURL ?? ""),
        ]
        try SettingsFile(values: Dictionary(uniqueKeysWithValues: values))
            .write(to: directory.environmentFile, order: values.map(\.0))
        return urls
    }

    /// Where the services' executables are: beside this one.
    static let folder: String = {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return String((path ?? CommandLine.arguments[0]).reversed().drop { $0 != "/" }.dropFirst().reversed())
    }()

    private func report(_ name: String, _ place: String, _ state: String) {
        guard !isQuiet else { return }
        Terminal.line(
            name.padding(toLength: 12, withPad: " ", startingAt: 0)
                + place.padding(toLength: 26, withPad: " ", startingAt: 0) + state)
    }
}
