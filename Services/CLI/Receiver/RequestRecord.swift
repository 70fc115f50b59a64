import Foundation

/// A file of newline-delimited JSON that requests are appended to. Each line is one write, so that readers and a
/// `kill -9` meet whole lines.
actor RequestRecord {
    private let file: FileHandle

    /// Appends to what is there; the file is made for its owner only, since payloads are somebody's data.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let file = FileHandle(forWritingAtPath: path) else { throw CommandFailure("cannot write \(path)") }
        try file.seekToEnd()
        self.file = file
    }

    func append(_ request: ReceivedRequest) throws {
        try file.write(contentsOf: request.line() + [UInt8(ascii: "\n")])
    }
}
