import Curl
import Foundation
import Synchronization

/// What is measured: a stack, a receiver, and the means to look at both.
final class BenchStage: Sendable {
    let directory: StackDirectory
    let nginx: Nginx
    let database: BenchDatabase
    private let urls: StackURLs
    private let people: BenchTenants
    /// Nil where the stack is somebody else's, and stays.
    private let folder: BenchFolder?
    private let postgres: pid_t?
    private let made = Mutex<[BenchTenant]>([])

    private init(
        directory: StackDirectory, urls: StackURLs, secrets: StackSecrets, nginx: Nginx, engine: HTTPEngine,
        folder: BenchFolder?
    ) async throws {
        self.directory = directory
        self.urls = urls
        self.nginx = nginx
        self.folder = folder
        people = try await BenchTenants(urls: urls, secrets: secrets, engine: engine)
        let settings = SettingsFile(path: directory.environmentFile).values
        guard let url = settings["MARTLET_DATABASE_URL"] else {
            throw CommandFailure("\(directory.environmentFile) does not say where the database is")
        }
        database = try await BenchDatabase.connect(url)
        postgres = try? await PrivatePostgres(directory: directory).process.pid
    }

    /// A stack of its own in `folder`, as production has it but for `pg_stat_statements`.
    static func start(in folder: BenchFolder) async throws -> BenchStage {
        let (urls, secrets) = try await folder.up(countsStatements: true)
        let engine = try HTTPEngine.forCommands()
        let stage = try await BenchStage(
            directory: folder.directory, urls: urls, secrets: secrets,
            nginx: .start(in: folder.directory, engine: engine), engine: engine, folder: folder)
        await stage.database.countStatements()
        return stage
    }

    /// The stack that runs in `path`. `folder`: for the receiver.
    static func attach(to path: String, folder: BenchFolder) async throws -> BenchStage {
        guard FileManager.default.fileExists(atPath: path + "/martlet.env") else {
            throw CommandFailure("no stack was ever started in \(path)")
        }
        let directory = try StackDirectory(path)
        let engine = try HTTPEngine.forCommands()
        return try await BenchStage(
            directory: directory, urls: StackURLs(ports: StackPorts(in: directory)),
            secrets: StackSecrets(in: directory, environment: ProcessInfo.processInfo.environment),
            nginx: .start(in: folder.directory, engine: engine), engine: engine, folder: nil)
    }

    /// Whether it may be stopped and filled by hand.
    var isOwn: Bool { folder != nil }

    /// Lets go of the database and, in somebody else's stack, of the tenants. Processes are the folder's to end.
    func end() async {
        if !isOwn {
            for tenant in made.withLock(\.self) {
                _ = try? await admin.send("DELETE", "/admin/tenants/\(tenant.identifier)")
            }
        }
        await database.close()
    }

    /// New tenants, each with webhooks to the URLs that `urls` says for its number.
    func tenants(
        _ count: Int, more: String = #""maxConcurrency":64"#, urls: (Int) -> [String]
    ) async throws -> [BenchTenant] {
        let tenants = try await people.make(count, more: more, urls: urls)
        made.withLock { $0 += tenants }
        return tenants
    }

    /// For every tenant and everything.
    var token: String { people.token }
    private var admin: ServiceClient { people.admin }

    var ingesterURL: String { urls.ingester }

    // MARK: Looking at it

    /// What everything has used up until now. Two small queries, and a look at all processes.
    func snapshot() async throws -> Snapshot {
        var snapshot = Snapshot()
        if let position = try? await database.walPosition() {
            snapshot.log = position.now
            snapshot.checkpoint = position.checkpoint
        }
        snapshot.statements = try? await database.statements()
        let table = ProcessTable.now()
        let stack = Stack(directory: directory)
        func note(_ part: Snapshot.Part, _ ticks: Int) {
            snapshot.cpu[part] = Double(ticks) / ProcessTable.ticksPerSecond
        }
        for service in StackService.allCases {
            guard let part = Snapshot.Part(rawValue: service.rawValue) else { continue }
            note(part, stack.pids(of: service).map(table.ticks(of:)).reduce(0, +))
        }
        if let postgres { note(.postgres, table.ticks(ofTree: postgres)) }
        if let pid = nginx.process.pid { note(.nginx, table.ticks(ofTree: pid)) }
        note(.load, table.ticks(of: getpid()))
        snapshot.at = .now
        return snapshot
    }

    /// What each service holds in memory, now and at most.
    func memory(goal: Goal? = nil) -> [Figure] {
        let stack = Stack(directory: directory)
        return StackService.allCases.flatMap { service -> [Figure] in
            let sizes = stack.pids(of: service).compactMap(ProcessMemory.of)
            guard let now = sizes.map(\.resident).max(), let peak = sizes.map(\.peak).max() else { return [] }
            return [
                Figure("memory of \(service.rawValue), now", Double(now) / 1024, .mebibytes),
                Figure(
                    "memory of \(service.rawValue), peak", Double(peak) / 1024, .mebibytes,
                    goal: service == .delivery ? goal : nil),
            ]
        }
    }

    // MARK: Stopping and starting delivery

    func stopDelivery() async throws {
        let stack = Stack(directory: directory)
        for name in stack.names where Stack.service(named: name) == .delivery {
            try await stack.process(name).stop(patience: .seconds(75))
        }
    }

    /// Starts what does not run.
    func startAgain() async throws {
        guard let folder else { throw CommandFailure("only a stack of the benchmark's own is stopped and started") }
        _ = try await folder.up(countsStatements: true)
    }
}
