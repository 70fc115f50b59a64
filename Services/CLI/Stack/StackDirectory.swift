import Foundation

/// Where a stack keeps everything: its database, its secrets, its logs, and which process is which.
struct StackDirectory {
    /// Absolute, without symbolic links.
    let path: String

    /// Made if it is missing, for its owner only.
    init(_ path: String) throws {
        let absolute = URL(filePath: path, directoryHint: .isDirectory).path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(
                atPath: absolute, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            self.path = URL(filePath: absolute).resolvingSymlinksInPath().path(percentEncoded: false)
            for folder in [run, log] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw CommandFailure("cannot make \(path): \(error.localizedDescription)")
        }
    }

    private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    var run: String { file("run") }
    var log: String { file("log") }
    /// PostgreSQL's data.
    var postgres: String { file("postgres") }
    /// What others need to know of the stack (`MARTLET_API_URL` …).
    var environmentFile: String { file("martlet.env") }
    /// What only the stack needs to know.
    var secretsFile: String { file("secrets.env") }
    var portsFile: String { file("run/ports.env") }
    /// What the receiver took.
    var recordFile: String { file("received.ndjson") }

    func pidFile(of name: String) -> String { run + "/\(name).pid" }
    func logFile(of name: String) -> String { log + "/\(name).log" }
}
