import Foundation

/// One text file of the repository.
struct SourceFile {
    /// From the repository's root, e.g. `Shared/Epoll/Reactor.swift`.
    let path: String
    let text: String
    /// The text of a Swift file without comments and literals; of others the text itself.
    let code: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = path.hasSuffix(".swift") ? SwiftText.code(of: text) : text
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var lines: [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// `Shared/Epoll/Reactor.swift` → `Epoll`; nil outside Services and Shared.
    var room: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Services" || parts[0] == "Shared" else { return nil }
        return String(parts[1])
    }
}

/// The files that are or would be committed: all but what `.gitignore` names.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let files: [SourceFile] = collect()

    private static func collect() -> [SourceFile] {
        let ignored = ignoredNames()
        var files: [SourceFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)) ?? []
            for name in names.sorted() where !ignored.contains(where: { fnmatch($0, name, 0) == 0 }) {
                let path = folder.isEmpty ? name : folder + "/" + name
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: root.path + "/" + path, isDirectory: &isFolder) else {
                    continue
                }
                if isFolder.boolValue {
                    folders.append(path)
                } else if let text = try? String(contentsOfFile: root.path + "/" + path, encoding: .utf8) {
                    files.append(SourceFile(path: path, text: text))  // what is no UTF-8 is no text
                }
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    /// The names of `.gitignore`, which here hold no folder but a trailing slash, and Git's own.
    private static func ignoredNames() -> [String] {
        let text = (try? String(contentsOfFile: root.path + "/.gitignore", encoding: .utf8)) ?? ""
        return [".git"]
            + text.split(separator: "\n").map { String($0.hasSuffix("/") ? $0.dropLast() : $0) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }
}
