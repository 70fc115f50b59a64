import Foundation
import ServiceLifecycle
import Testing

@testable import CommandLineTool

@Suite struct ProcessTests {
    private let environment = ProcessInfo.processInfo.environment

    @Test func aProgramIsRunToItsEnd() async throws {
        let (status, output) = try await Spawn.run(
            ["sh", "-c", "echo out; echo $MARK >&2; exit 7"], environment: environment.merging(["MARK": "err"]) { $1 })
        #expect(status == 7)
        #expect(output == "out\nerr\n")
        #expect(try await Spawn.run(["sh", "-c", "kill -9 $$"], environment: environment).status == 137)
        await #expect(throws: CommandFailure.self) { try await Spawn.run(["/no/such/program"], environment: [:]) }
    }

    /// It leads its own session, has nothing on its standard input, and inherits no descriptor.
    @Test func aDetachedProgramIsOnItsOwn() async throws {
        let folder = try Folder()
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let log = folder.path + "/log"
        let script = "readlink /proc/self/fd/0; ls /proc/$$/fd; exec sleep 30"  // no pipe: the shell would hold it
        let pid = try Spawn.detached(["sh", "-c", script], environment: environment, log: log)
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        let process = StackProcess(pidFile: folder.path + "/pid", executableName: "sleep")
        #expect(process.pid == nil, "there is no pid file")
        try process.remember(pid)
        #expect(try await Deadline.wait(for: .seconds(10)) { process.pid == pid })
        #expect(getsid(pid) == pid)
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "/dev/null")
        #expect(lines.dropFirst() == ["0", "1", "2"])
        #expect(StackProcess(pidFile: process.pidFile, executableName: "cat").pid == nil, "another program's pid")
    }

    @Test func aStubbornProcessIsKilled() async throws {
        let folder = try Folder()
        let script = "trap '' TERM; echo ready; while :; do read -r line < /dev/zero; done"
        let pid = try Spawn.detached(["bash", "-c", script], environment: environment, log: folder.path + "/log")
        let process = StackProcess(pidFile: folder.path + "/pid", executableName: "bash")
        try process.remember(pid)
        let isReady = try await Deadline.wait(for: .seconds(10)) {
            (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) == "ready\n"
        }
        #expect(isReady)
        try await process.stop(patience: .milliseconds(100))
        #expect(process.pid == nil && !FileManager.default.fileExists(atPath: process.pidFile))
        var status: Int32 = 0
        #expect(waitpid(pid, &status, 0) == pid)
        #expect(status & 0x7F == SIGKILL)
    }

    @Test func aPortIsKeptOnceTaken() throws {
        let folder = try Folder()
        let directory = try StackDirectory(folder.path)
        var ports = StackPorts(in: directory)
        let port = try ports.choose(for: "api", asked: 0, standard: 8080)
        #expect(port > 0 && StackPorts.isFree(port))
        var again = StackPorts(in: directory)
        #expect(try again.choose(for: "api", asked: 0, standard: 8080) == port)
        #expect(try again.choose(for: "api", asked: nil, standard: 8080) == port)
        let other = try StackPorts.free()
        #expect(try again.choose(for: "api", asked: other, standard: 8080) == other)
        #expect(StackPorts(in: directory)["api"] == other)
    }

    @Test func aPortOfSomebodyElseIsRefused() async throws {
        let receiver = Receiver()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ports, found) = AsyncStream.makeStream(of: Int.self)
            group.addTask { try await receiver.server(host: "127.0.0.1", port: 0) { found.yield($0) }.run() }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            let folder = try Folder()
            var mine = StackPorts(in: try StackDirectory(folder.path))
            #expect(throws: CommandFailure.self) { try mine.choose(for: "api", asked: port, standard: 0) }
        }
    }

    @Test func secretsAreMadeOnce() throws {
        let folder = try Folder()
        let directory = try StackDirectory(folder.path)
        let first = try StackSecrets(in: directory, environment: ["MARTLET_JWT_SECRET": "given"])
        #expect(first.tokenSecret == "given")
        #expect(first.demoWebhookSecret.hasPrefix("whsec_") && first.encryptionKeys.hasPrefix("local:"))
        #expect(first.rolePasswords.count == 4)
        #expect(Set(first.rolePasswords.values).count == 4)
        let second = try StackSecrets(in: directory, environment: [:])
        #expect(second.tokenSecret == "given" && second.encryptionKeys == first.encryptionKeys)
        #expect(second.rolePasswords == first.rolePasswords && second.ownerPassword == first.ownerPassword)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.secretsFile)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func oneAtATimeWorksInADirectory() throws {
        let folder = try Folder()
        let directory = try StackDirectory(folder.path)
        let lock = try StackLock(directory)
        #expect(throws: CommandFailure.self) { try StackLock(directory) }
        lock.release()
        try StackLock(directory).release()
    }
}

/// A folder of one's own, for as long as it is held.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
