public import Configuration
import Synchronization

/// The settings of a service, read once at its start, each from the first place that has it: command-line flags
/// (`--http-port 8080`), the environment (`MARTLET_HTTP_PORT`), the file that `MARTLET_CONFIG_FILE` names (lines of
/// `NAME=value`, the environment's names).
///
/// A key is the name without `MARTLET_`, small, with dots: `http.port`, `database.url`. An empty value counts as none.
/// Services read theirs into a plain struct of their own whose doc comment lists every key, type, default and range.
public struct Settings: Sendable {
    /// The same values as swift-configuration gives them, by the same keys.
    public let reader: ConfigReader
    private let flags: [String: String]
    private let asked = Asked()

    private final class Asked: Sendable {
        let names = Mutex<Set<String>>([])
    }

    /// - Parameters:
    ///   - environment: variables by name; those that do not begin with `MARTLET_` are never looked at.
    ///   - flags: the same names, from the command line.
    ///   - file: the same names, from the file.
    public init(environment: [String: String], flags: [String: String] = [:], file: [String: String] = [:]) {
        self.flags = flags
        let sources = [flags, environment, file].map { source in
            EnvironmentVariablesProvider(environmentVariables: source.filter { !$0.value.isEmpty })
        }
        reader = ConfigReader(providers: sources).scoped(to: "martlet")
    }

    /// The name that a key has in the environment: `http.port` → `MARTLET_HTTP_PORT`. A name stays as it is.
    public static func name(of key: String) -> String {
        key.hasPrefix("MARTLET_") || key.hasPrefix("--")
            ? key : "MARTLET_" + key.replacing(".", with: "_").replacing("-", with: "_").uppercased()
    }

    /// The text of a setting; nil where there is none.
    public func string(_ key: String) -> String? {
        asked.names.withLock { _ = $0.insert(Self.name(of: key)) }
        return reader.string(forKey: ConfigKey(key), isSecret: true)
    }

    /// What `parse` makes of a setting's text; nil where there is none.
    ///
    /// - Throws: ``SettingError`` where `parse` gives nil or throws.
    public func value<Value>(
        _ key: String, expected: String, parse: (String) throws -> Value?
    ) throws(SettingError) -> Value? {
        guard let text = string(key) else { return nil }
        guard let value = try? parse(text) else { throw SettingError(name: key, expected: expected) }
        return value
    }

    /// What `parse` makes of a setting's text.
    ///
    /// - Throws: ``SettingError`` where it is not set too.
    public func required<Value>(
        _ key: String, expected: String, parse: (String) throws -> Value?
    ) throws(SettingError) -> Value {
        guard let value = try value(key, expected: expected, parse: parse) else {
            throw SettingError(name: key, expected: expected, isMissing: true)
        }
        return value
    }

    /// The text of a setting that must be there.
    public func required(_ key: String, expected: String) throws(SettingError) -> String {
        try required(key, expected: expected) { $0 }
    }

    /// A whole number.
    public func int(
        _ key: String, default fallback: Int, in range: ClosedRange<Int> = 0...Int.max
    ) throws(SettingError) -> Int {
        let expected =
            range.upperBound == .max
            ? "a number of at least \(range.lowerBound)" : "a number from \(range.lowerBound) to \(range.upperBound)"
        return try value(key, expected: expected) { Int($0).flatMap { range.contains($0) ? $0 : nil } } ?? fallback
    }

    /// `true` or `false`.
    public func bool(_ key: String, default fallback: Bool) throws(SettingError) -> Bool {
        try value(key, expected: "true or false") { Bool($0) } ?? fallback
    }

    /// The entries of a list with commas between them, without the spaces around them; none where it is not set.
    public func list(_ key: String) -> [String] {
        (string(key) ?? "").split(separator: ",").map { $0.trimming(while: \.isWhitespace) }.filter { !$0.isEmpty }
    }

    /// One of the values of an enum.
    public func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, default fallback: Value
    ) throws(SettingError) -> Value {
        let expected = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(key, expected: expected, parse: Value.init(rawValue:)) ?? fallback
    }

    /// Flags that nobody asked for: mistyped ones, as a service has read all its settings once it is composed.
    var unknownFlags: [String] {
        let names = asked.names.withLock { $0 }
        return flags.keys.filter { !names.contains($0) }.sorted()
    }
}

extension Substring {
    fileprivate func trimming(while condition: (Character) -> Bool) -> String {
        var rest = self.drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return String(rest)
    }
}
