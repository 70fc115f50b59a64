import Foundation

extension Settings {
    /// Reads all three places.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Throws: ``SettingError`` for a malformed flag or file.
    public init(arguments: [String], environment: [String: String]) throws(SettingError) {
        let flags = try Self.flags(in: arguments)
        let path = [flags, environment].compactMap { $0["MARTLET_CONFIG_FILE"] }.first { !$0.isEmpty }
        self.init(environment: environment, flags: flags, file: try path.map(Self.file(at:)) ?? [:])
        _ = string("config.file")
    }

    /// `--http-port 8080` and `--http-port=8080`, by the names of the environment. The last of two alike counts.
    static func flags(in arguments: [String]) throws(SettingError) -> [String: String] {
        var flags: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                throw SettingError(name: "--", expected: "flags only, as in --http-port 8080, not “\(argument)”")
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw SettingError(name: "--\(flag)", expected: "a value behind it")
            }
            flags[name(of: flag)] = value
        }
        return flags
    }

    /// Lines of `NAME=value`; empty ones and those that begin with `#` are skipped, `export ` before a name too, and
    /// quotes around a value are taken off.
    static func file(at path: String) throws(SettingError) -> [String: String] {
        let expected = "a readable file of lines NAME=value"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingError(name: "config.file", expected: expected)
        }
        var values: [String: String] = [:]
        for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            var rest = line.trimmingCharacters(in: .whitespaces)
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            if rest.hasPrefix("export ") { rest = String(rest.dropFirst(7)) }
            let parts = rest.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), !parts[0].isEmpty
            else { throw SettingError(name: "config.file", expected: "\(expected); line \(number) is none") }
            var value = parts[1]
            for quote in ["\"", "'"] where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote) {
                value = value.dropFirst().dropLast()
                break
            }
            values[String(parts[0])] = String(value)
        }
        return values
    }
}
