import Curl
import Foundation
import Synchronization
import Webhooks

/// A stack under steady load whose processes are killed one after the other.
final class SoakRun: Sendable {
    let folder: BenchFolder
    private let seconds: Int
    private let perSecond: Int
    private let tenants: Int
    private let accepted = Mutex<[Event.ID]>([])
    private let tally = Mutex(SoakTally())

    init(folder: BenchFolder, seconds: Int, perSecond: Int, tenants: Int) {
        self.folder = folder
        self.seconds = seconds
        self.perSecond = perSecond
        self.tenants = tenants
    }

    func run() async throws -> SoakTally {
        try await TimedReceiver.open { receiver in try await self.run(receiver) }
    }

    private func run(_ receiver: TimedReceiver) async throws -> SoakTally {
        Terminal.note("soak: starting a stack with two workers …")
        let (urls, secrets) = try await up()
        let people = try await BenchTenants(urls: urls, secrets: secrets, engine: .forCommands())
        let url = receiver.url
        let tenants = try await people.make(tenants, more: #""maxConcurrency":64"#) { _ in [url] }
        Terminal.note("soak: \(perSecond) events a second for \(seconds) s, and kill -9 …")
        let end = ContinuousClock.now + .seconds(seconds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.post(tenants) }
            group.addTask { try await self.killInTurn(until: end) }
            try await group.waitForAll()
        }
        _ = try await up()
        return try await settle(tenants, receiver)
    }

    /// As `martlet up` does: starts what does not run.
    private func up() async throws -> (urls: StackURLs, secrets: StackSecrets) { try await folder.up(workers: 2) }

    // MARK: Load

    private struct Accepted: Decodable { let id: String }

    private func post(_ tenants: [BenchTenant]) async throws {
        let payload = [SamplePayload(bytes: 500)]
        try await PacedLoad(perSecond: perSecond, seconds: seconds).run { number in
            let body = Array(payload[0].event(resource: String(number)).utf8)
            let tenant = tenants[number % tenants.count]
            let answer = try? await tenant.ingester.send("POST", "/company/events", body: body)
            try Task.checkCancellation()
            guard let answer, answer.status == 202 else { return self.tally.withLock { $0.refused += 1 } }
            let text = try answer.decoded(as: Accepted.self).id
            guard let id = Event.ID(text) else { throw CommandFailure("no event is called \(text)") }
            self.accepted.withLock { $0.append(id) }
        }
    }

    // MARK: Killing

    private static let victims = ["api", "ingester", "delivery", "delivery-2", "metrics", "postgres"]

    /// Every process once, in random order, and again; between two kills some seconds of peace.
    private func killInTurn(until end: ContinuousClock.Instant) async throws {
        for round in 1... {
            for name in Self.victims.shuffled() {
                let pause = Duration.milliseconds(Int.random(in: 500...3_000))
                _ = try await Deadline.wait(for: pause) { false }
                guard ContinuousClock.now < end else { return }
                try await kill9(name)
                try await comeBack()
            }
            Terminal.note("soak: all were killed \(round) times, \(accepted.withLock(\.count)) events are accepted …")
        }
    }

    private func kill9(_ name: String) async throws {
        let directory = folder.directory
        let process =
            name == "postgres"
            ? try await PrivatePostgres(directory: directory).process : Stack(directory: directory).process(name)
        guard let pid = process.pid else { throw CommandFailure("\(name) does not run although nobody killed it") }
        kill(pid, SIGKILL)
        guard try await Deadline.wait(for: .seconds(10), until: { process.pid == nil }) else {
            throw CommandFailure("\(name) survived kill -9")
        }
        waitpid(pid, nil, WNOHANG)
        tally.withLock { $0.kills[name, default: 0] += 1 }
    }

    /// A process may meet another one that is just coming back: a second try is fair.
    private func comeBack() async throws {
        for _ in 0..<2 {
            do {
                _ = try await up()
                return
            } catch { try Task.checkCancellation() }
        }
        _ = try await up()
    }

    // MARK: The end

    private func settle(_ tenants: [BenchTenant], _ receiver: TimedReceiver) async throws -> SoakTally {
        Terminal.note("soak: waiting for what is still owed …")
        let settings = SettingsFile(path: folder.directory.environmentFile).values
        let database = try await BenchDatabase.connect(settings["MARTLET_DATABASE_URL"] ?? "")
        let fate = try await database.fate(of: tenants, patience: .seconds(120))
        let accepted = accepted.withLock(\.self)
        let missing = try await database.missing(of: accepted)
        await database.close()
        let unseen = accepted.filter { !receiver.has($0) }
        var tally = tally.withLock(\.self)
        tally.accepted = accepted.count
        tally.pending = fate.pending
        tally.duplicates = receiver.requests - receiver.events
        tally.lost = SoakTally.lost(missing: missing.count, unseen: unseen.count, pending: fate.pending)
        for id in missing.prefix(10) { Terminal.note("missing: \(id)") }
        return tally
    }
}
