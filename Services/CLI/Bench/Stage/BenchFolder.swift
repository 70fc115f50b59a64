import ArgumentParser
import Foundation

/// A folder for a stack that is there for one measurement. Nobody else's folder is ever emptied: it carries a mark.
struct BenchFolder: Sendable {
    let directory: StackDirectory
    private let lock: StackLock

    private static let mark = "made-to-be-removed"

    /// Takes `path`; what an earlier measurement left there when it was killed is ended and removed first.
    static func take(_ path: String) async throws -> BenchFolder {
        let isThere = FileManager.default.fileExists(atPath: path)
        let isOurs = FileManager.default.fileExists(atPath: path + "/" + mark)
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard !isThere || isOurs || contents.isEmpty else {
            throw CommandFailure("\(path) holds something else; choose another --directory")
        }
        let directory = try StackDirectory(path)
        let lock: StackLock
        do { lock = try StackLock(directory) } catch {
            throw CommandFailure("another measurement is at work in \(directory.path)")
        }
        let folder = BenchFolder(directory: directory, lock: lock)
        if isOurs { try await folder.empty() }
        _ = FileManager.default.createFile(atPath: directory.path + "/" + mark, contents: nil)
        return folder
    }

    /// Starts what does not run of a stack with a PostgreSQL of its own, whatever the settings of who measures say: a
    /// measurement never touches another database.
    func up(workers: Int = 1, countsStatements: Bool = false) async throws -> (urls: StackURLs, secrets: StackSecrets) {
        let ports = ["api", "ingester", "delivery", "metrics", "receiver"].flatMap { ["--\($0)-port", "0"] }
        let options = try UpOptions.parse(
            ["--directory", directory.path, "--no-demo", "--workers", String(workers)] + ports)
        let environment = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("MARTLET_") || name.hasPrefix("MARTLET_LOG_")
        }
        var start = try StackStart(directory: directory, options: options, environment: environment)
        start.isQuiet = true
        start.countsStatements = countsStatements
        return (try await start.all(), start.secrets)
    }

    /// Ends all that runs here and removes what it stored. The folder stays taken.
    func empty() async throws {
        try await Nginx.process(in: directory).stop(patience: .seconds(5))
        _ = try await Stack(directory: directory).stop()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where name != Self.mark && name != "run" && name != "log" {
            try FileManager.default.removeItem(atPath: directory.path + "/" + name)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.run) where name != "lock" {
            try FileManager.default.removeItem(atPath: directory.run + "/" + name)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.log) {
            try FileManager.default.removeItem(atPath: directory.log + "/" + name)
        }
    }

    /// Empties it and lets it go.
    func remove() async throws {
        try await empty()
        try FileManager.default.removeItem(atPath: directory.path)
        lock.release()
    }

    /// The same where something else went wrong already, which is what its user must read.
    func removeAfterFailure() async {
        do { try await remove() } catch { Terminal.note("\(directory.path) could not be emptied: \(error)") }
    }
}
