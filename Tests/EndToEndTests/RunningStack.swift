import Foundation
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository

@testable import CommandLineTool

/// A stack that `martlet up` started in a directory of its own, on ports that were free.
struct RunningStack: Sendable {
    let folder: String
    /// What the first `martlet up` wrote.
    let report: String

    static func start() async throws -> RunningStack {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString.prefix(8))")
            .path(percentEncoded: false)
        let up = try await up(in: folder)
        if up.status != 0 { _ = try await Program.run(Self.tool, ["down", "--directory", folder]) }
        try #require(up.status == 0, "\(up.output)")
        return RunningStack(folder: folder, report: up.output)
    }

    private static let tool = Repository.executables + "/martlet"

    static func up(
        in folder: String, _ arguments: [String] = [], settings: [String: String] = [:]
    ) async throws -> Program {
        // At debug level, so that SecretLeakTests can search all that may ever be logged.
        let environment = Repository.environment.merging(["MARTLET_LOG_LEVEL": "debug"]) { $1 }
            .merging(settings) { $1 }
        let ports = ["api", "ingester", "delivery", "metrics", "receiver"].flatMap { ["--\($0)-port", "0"] }
        return try await Program.run(tool, ["up", "--directory", folder] + ports + arguments, environment: environment)
    }

    /// Starts again what does not run. Without the demo unless told.
    func up(_ arguments: [String] = ["--no-demo"], settings: [String: String] = [:]) async throws {
        let up = try await Self.up(in: folder, arguments, settings: settings)
        try #require(up.status == 0, "\(up.output)")
    }

    func end() async throws {
        let down = try await Program.run(Self.tool, ["down", "--directory", folder])
        #expect(down.status == 0, "\(down.output)")
        try? FileManager.default.removeItem(atPath: folder)
    }

    var settings: SettingsFile { SettingsFile(path: folder + "/martlet.env") }
    var secrets: SettingsFile { SettingsFile(path: folder + "/secrets.env") }
    var receivedByDemo: [ReceivedRequest] { ReceivedRequest.all(inRecord: folder + "/received.ndjson") }

    func pid(of name: String) throws -> pid_t {
        let text = try String(contentsOfFile: folder + "/run/\(name).pid", encoding: .utf8)
        return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// `kill -9`, and waits until the process is gone.
    func kill9(_ name: String) async throws {
        let pid = try pid(of: name)
        #expect(kill(pid, SIGKILL) == 0)
        let isGone = try await Deadline.wait(for: .seconds(10)) { Self.stateOf(pid) == nil }
        #expect(isGone, "\(name) survived kill -9")
    }

    /// Runs `body` while the ingester runs by itself, with the settings that the stack gives it.
    func withLonelyIngester(_ body: () async throws -> Void) async throws {
        let port = try #require(StackPorts(in: try StackDirectory(folder))["ingester"])
        try await withProcess(of: .ingester, name: "ingester", port: port, body)
    }

    /// Runs `body` beside one more process of a service; `settings` are further ones of its.
    func withProcess(
        of service: StackService, name: String, port: Int, settings more: [String: String] = [:],
        _ body: () async throws -> Void
    ) async throws {
        let secrets = try StackSecrets(in: StackDirectory(folder), environment: [:])
        let environment = StackEnvironment(
            inherited: Repository.environment, secrets: secrets,
            database: StackDatabase(ownerURL: try #require(settings.values["MARTLET_DATABASE_URL"])))
        let pid = try Spawn.detached(
            [Repository.executables + "/" + service.executableName],
            environment: environment.variables(for: service, name: name, port: port).merging(more) { $1 },
            log: folder + "/log/\(name).log")
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        try await body()
    }

    /// One value of the database, asked as its owner.
    func query(_ sql: String) async throws -> String {
        let url = try #require(settings.values["MARTLET_DATABASE_URL"])
        let psql = try await Program.run("/usr/bin/env", ["psql", url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql])
        try #require(psql.status == 0, "\(psql.output)")
        return psql.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// One stack for all suites that wear this trait: started before the first test, ended after the last.
struct StackTrait: SuiteTrait, TestScoping {
    @TaskLocal static var current: RunningStack?

    var isRecursive: Bool { false }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let stack = try await RunningStack.start()
        do { try await Self.$current.withValue(stack) { try await function() } } catch {
            try await stack.end()
            throw error
        }
        try await stack.end()
    }
}

extension Trait where Self == StackTrait {
    static var stack: Self { Self() }
}
