import Foundation

/// A PostgreSQL of the stack's own, in its directory, on the loopback address.
struct PrivatePostgres {
    static let owner = "martlet"
    static let database = "martlet"

    let directory: StackDirectory
    let binaries: String
    /// Whether it is started with `pg_stat_statements`, if that is installed: for measuring.
    var countsStatements = false
    private let account: ServerAccount

    init(directory: StackDirectory) async throws {
        self.directory = directory
        binaries = try Self.findBinaries()
        account = try await ServerAccount(reaching: directory.path)
    }

    private var data: String { directory.postgres }
    private var log: String { directory.logFile(of: "postgres") }

    /// The postmaster, if it runs: named by its own lock file, which may be a dead one's.
    var process: StackProcess { StackProcess(pidFile: data + "/postmaster.pid", executableName: "postgres") }

    static func url(user: String, password: String, port: Int) -> String {
        "postgres://\(user):\(password)@127.0.0.1:\(port)/\(database)"
    }

    /// Makes the cluster if there is none. One that was half made when somebody pulled the plug is made anew.
    func create(password: String) async throws {
        guard !FileManager.default.fileExists(atPath: data + "/PG_VERSION") else { return }
        let draft = directory.path + "/postgres.new"
        let passwordFile = directory.path + "/postgres.password"
        for path in [draft, passwordFile] { try? FileManager.default.removeItem(atPath: path) }
        defer { unlink(passwordFile) }
        try FileManager.default.createDirectory(
            atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        _ = FileManager.default.createFile(
            atPath: passwordFile, contents: Data(password.utf8), attributes: [.posixPermissions: 0o600])
        for path in [draft, passwordFile] { try account.own(path) }
        try await run(
            "initdb",
            [
                "--pgdata=\(draft)", "--username=\(Self.owner)", "--pwfile=\(passwordFile)", "--auth=scram-sha-256",
                "--encoding=UTF8", "--no-locale",
            ])
        let settings = draft + "/postgresql.conf"
        let text = try String(contentsOfFile: settings, encoding: .utf8)
        try (text + "\ninclude 'martlet.conf'\n").write(toFile: settings, atomically: false, encoding: .utf8)
        try await configure(draft, port: 0)
        guard rename(draft, data) == 0 else { throw CommandFailure("cannot make \(data)") }
    }

    /// Starts the server and returns when it answers. Also after `kill -9`, when backends of the dead server may still
    /// hold its shared memory for a moment.
    func start(port: Int) async throws {
        try await configure(data, port: port)
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        try account.own(log)
        var lastOutput = ""
        let isUp = try await Deadline.wait(for: .seconds(30)) {
            let (status, output) = try await Spawn.run(
                command("pg_ctl", ["start", "--wait", "--timeout=60", "--pgdata=\(data)", "--log=\(log)"]),
                environment: environment)
            lastOutput = output
            return status == 0
        }
        guard isUp else { throw CommandFailure("PostgreSQL did not start; see \(log)\n\(lastOutput)") }
    }

    /// Makes Martlet's database if there is none.
    func createDatabase(password: String, port: Int) async throws {
        var environment = environment
        environment["PGPASSWORD"] = password
        let arguments = [
            "--host=127.0.0.1", "--port=\(port)", "--username=\(Self.owner)", "--no-password", Self.database,
        ]
        let (status, output) = try await Spawn.run([binaries + "/createdb"] + arguments, environment: environment)
        guard status == 0 || output.contains("already exists") else {
            throw CommandFailure("the database could not be made: \(output)")
        }
    }

    func stop() async throws {
        guard process.pid != nil else { return }
        try await run("pg_ctl", ["stop", "--mode=fast", "--wait", "--timeout=60", "--pgdata=\(data)"])
    }

    /// Durable as in production; sized for a machine that does other things too.
    private func configure(_ folder: String, port: Int) async throws {
        let path = folder + "/martlet.conf"
        let compression = await hasLZ4() ? "lz4" : "on"
        let text = """
            # Written by `martlet up` at each start. Settings of your own go into postgresql.auto.conf (ALTER SYSTEM).
            listen_addresses = '127.0.0.1'
            port = \(port == 0 ? 5432 : port)
            unix_socket_directories = ''
            max_connections = 200
            shared_buffers = '256MB'
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            checkpoint_timeout = '15min'
            max_wal_size = '4GB'
            wal_compression = \(compression)
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            \(try await counting())

            """
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try account.own(path)
    }

    /// Whether this build can compress write-ahead log with LZ4.
    private func hasLZ4() async -> Bool {
        let output = try? await Spawn.run([binaries + "/pg_config", "--configure"], environment: environment).output
        return output?.contains("lz4") ?? false
    }

    private func counting() async throws -> String {
        guard countsStatements else { return "" }
        let (_, folder) = try await Spawn.run([binaries + "/pg_config", "--pkglibdir"], environment: environment)
        let library = folder.trimmingCharacters(in: .whitespacesAndNewlines) + "/pg_stat_statements.so"
        return access(library, R_OK) == 0 ? "shared_preload_libraries = 'pg_stat_statements'" : ""
    }

    private var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]
    }

    private func command(_ program: String, _ arguments: [String]) -> [String] {
        account.prefix + [binaries + "/" + program] + arguments
    }

    private func run(_ program: String, _ arguments: [String]) async throws {
        let (status, output) = try await Spawn.run(command(program, arguments), environment: environment)
        guard status == 0 else { throw CommandFailure("\(program) failed (\(status)):\n\(output)") }
    }

    /// Where the server's programs are: on the path, else the newest that Debian has installed.
    private static func findBinaries() throws -> String {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? [])
            .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
        let folders = path + versions.map { "\(debian)/\($0)/bin" }
        let found = folders.first { folder in
            ["initdb", "pg_ctl", "postgres", "createdb"].allSatisfy { access(folder + "/" + $0, X_OK) == 0 }
        }
        guard let found else {
            throw CommandFailure("no PostgreSQL server is installed (Debian: postgresql); or set MARTLET_DATABASE_URL")
        }
        return found
    }
}
