import Foundation

/// Lines of `NAME=value`, as a shell, `docker --env-file` and systemd read them. `#` begins a comment line.
struct SettingsFile {
    var values: [String: String] = [:]

    init(values: [String: String] = [:]) { self.values = values }

    init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals].trimmingCharacters(in: .whitespaces)] = String(line[line.index(after: equals)...])
        }
    }

    /// What `path` holds; empty where there is no such file.
    init(path: String) {
        self.init(parsing: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
    }

    /// In the order of `names`, then the rest by name.
    func text(order names: [String] = []) -> String {
        let rest = values.keys.filter { !names.contains($0) }.sorted()
        return (names + rest).compactMap { name in values[name].map { "\(name)=\($0)\n" } }.joined()
    }

    /// Writes it for its owner only (mode 600), at once or not at all.
    func write(to path: String, order names: [String] = []) throws {
        try Self.writePrivately(text(order: names), to: path)
    }

    /// Writes `text` for its owner only (mode 600), at once or not at all.
    static func writePrivately(_ text: String, to path: String) throws {
        let temporary = path + ".new"
        try? FileManager.default.removeItem(atPath: temporary)
        let made = FileManager.default.createFile(
            atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard made, rename(temporary, path) == 0 else {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
