import Foundation
import Testing
import enum TestSupport.Repository

@testable import CommandLineTool

/// Processes of a stack that are told to stop, and ones that run beside it.
extension RunningStack {
    /// A service of the previous release (`deploy/previous-release`, built by `scripts/build-previous`).
    struct Previous: Sendable {
        let pid: pid_t
        let url: String
    }

    /// SIGTERM, as a deployment sends it; returns when the process is gone by itself.
    func terminate(_ name: String) async throws {
        let pid = try pid(of: name)
        #expect(kill(pid, SIGTERM) == 0)
        let isGone = try await Deadline.wait(for: .seconds(60)) { Self.stateOf(pid) == nil }
        #expect(isGone, "\(name) did not end by itself")
        unlink(folder + "/run/\(name).pid")
    }

    /// Waits until so many workers have a fair share of the shards each: one or two.
    func isShared(among count: Int) async throws -> Bool {
        let shares = "SELECT count(*), min(n) FROM (SELECT count(*) n FROM martlet.shard_leases GROUP BY owner) o"
        return try await Deadline.wait(for: .seconds(90)) { try await query(shares) == "\(count)|\(64 / count)" }
    }

    /// Starts an executable of the previous release with what the stack tells its own service; `body` has until it is
    /// told to stop.
    func withPrevious<Value: Sendable>(
        _ service: StackService, _ body: @Sendable (Previous) async throws -> Value
    ) async throws -> Value {
        let name = "previous-\(service.rawValue)"
        let executable = Repository.root + "/.build/previous/bin/" + service.executableName
        try #require(access(executable, X_OK) == 0, "the previous release is not built: run scripts/build-previous")
        let secrets = try StackSecrets(in: StackDirectory(folder), environment: [:])
        let environment = StackEnvironment(
            inherited: Repository.environment, secrets: secrets,
            database: StackDatabase(ownerURL: try #require(settings.values["MARTLET_DATABASE_URL"])))
        let log = folder + "/\(name).log"
        let port = try StackPorts.free()
        let pid = try Spawn.detached(
            [executable], environment: environment.variables(for: service, name: name, port: port), log: log)
        defer {
            kill(pid, SIGTERM)
            waitpid(pid, nil, 0)
        }
        let previous = Previous(pid: pid, url: "http://127.0.0.1:\(port)")
        let client = ServiceClient(url: previous.url, engine: try .forCommands())
        let isReady = try await Deadline.wait(for: .seconds(60)) { await client.isReady() }
        #expect(isReady, "\((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        return try await body(previous)
    }

    /// The letter of /proc's state; nil for no process and for a zombie, which nobody may be there to bury.
    static func stateOf(_ pid: pid_t) -> Character? {
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let letter = stat?.split(separator: ")").last?.first { $0 != " " }
        return letter == "Z" || letter == "X" ? nil : letter
    }
}
