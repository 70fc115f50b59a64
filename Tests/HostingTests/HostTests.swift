import Glibc
import Hummingbird
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing
import UnixSignals

@testable import Hosting

@Suite struct HostTests {
    let host = Host(name: "test", defaultPort: 0)

    private func launch(_ environment: [String: String] = [:], _ arguments: [String] = []) -> Launch {
        let base = ["MARTLET_HTTP_HOST": "127.0.0.1", "MARTLET_LOG_LEVEL": "critical"]
        return Launch(arguments: arguments, environment: base.merging(environment) { $1 })
    }

    @Test func allFaultsAreToldBeforeAnythingListens() async throws {
        var launch = launch(["MARTLET_HTTP_PORT": "eighty", "MARTLET_LOG_FORMAT": "xml"], ["--htpp-port", "1"])
        launch.listening = { _ in Issue.record("listens") }
        let error = await #expect(throws: SettingErrors.self) {
            try await host.serve(launch) { context in
                _ = try context.settings.required("database.url", expected: "a PostgreSQL URL")
                return []
            }
        }
        let faults = try #require(error)
        #expect(
            faults.faults == [
                "MARTLET_HTTP_PORT is malformed: expected a number from 0 to 65535",
                "MARTLET_LOG_FORMAT is malformed: expected one of json, text",
                "MARTLET_DATABASE_URL is not set: expected a PostgreSQL URL",
                "--htpp-port is no setting of this service",
            ])
        #expect(Launch.obituary(faults).code == 78 && Launch.obituary(faults).lines == faults.faults)
    }

    @Test func aPortInUseIsOneLineAndExitCode1() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let other = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        let error = await #expect(throws: (any Error).self) {
            try await host.serve(launch(["MARTLET_HTTP_PORT": "\(port)"])) { _ in [] }
        }
        let (lines, code) = Launch.obituary(try #require(error))
        #expect(code == 1 && lines == ["MARTLET_HTTP_PORT is in use by another process"])
        try await other.close()
    }

    @Test("A host that is none of ours is a malformed setting", arguments: ["nosuch.invalid", "203.0.113.7", "a b"])
    func foreignHosts(name: String) async throws {
        let error = await #expect(throws: (any Error).self) {
            try await host.serve(launch(["MARTLET_HTTP_HOST": name])) { _ in [] }
        }
        let (lines, code) = Launch.obituary(try #require(error))
        #expect(code == 78 && lines == ["MARTLET_HTTP_HOST is malformed: expected an address or name of this machine"])
    }

    @Test func aServiceThatEndsByItselfIsAFailure() async {
        struct Quitter: Service { func run() async throws {} }
        await #expect(throws: ServiceGroupError.self) { try await host.serve(launch()) { _ in [Quitter()] } }
    }

    /// Waits for the shutdown, then notes its name.
    struct Member: Service {
        let name: String
        let ended: @Sendable (String) -> Void
        func run() async throws {
            try await gracefulShutdown()
            ended(name)
        }
    }

    /// The real signal, a real port: one request is under way when it comes.
    @Test func shutdownEndsWhatRunsInOrder() async throws {
        let ended = Mutex<[String]>([])
        let note: @Sendable (String) -> Void = { name in ended.withLock { $0.append(name) } }
        let (ports, tellPort) = AsyncStream<Int>.makeStream()
        let (gate, openGate) = AsyncStream<Void>.makeStream()
        var launch = launch()
        launch.signals = [.sigusr2]
        launch.listening = { tellPort.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [launch, host] in
                try await host.serve(launch) { context in
                    context.router.get("slow") { _, _ in
                        for await _ in gate { break }
                        note("answer")
                        return "done"
                    }
                    return [Member(name: "first", ended: note), Member(name: "second", ended: note)]
                }
            }
            let port = try #require(await ports.first { _ in true })
            let client = try RawClient(port: port)
            defer { client.close() }
            try await client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.read(until: "alive").contains("alive"))
            try await client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            kill(getpid(), SIGUSR2)
            // The port is closed before what is under way ends.
            let deadline = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < deadline, let other = try? RawClient(port: port) {
                other.close()
                await Task.yield()
            }
            #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
            #expect(ended.withLock { $0 } == [])
            openGate.yield()
            #expect(try await client.readToEnd().contains("done"))
            try await group.waitForAll()
        }
        #expect(ended.withLock { $0 } == ["answer", "second", "first"])
    }
}
