/// A setting that is missing or malformed: one line on stderr, and exit code 78 (`EX_CONFIG`), before anything listens.
public struct SettingError: Error, Equatable, CustomStringConvertible {
    /// `MARTLET_HTTP_PORT`.
    public let name: String
    /// What it should hold, e.g. `a number from 1 to 65535`. Never what it holds: that may be a secret.
    public let expected: String
    public let isMissing: Bool

    /// - Parameter name: as the environment has it, or the key that ``Settings`` reads it by (`http.port`).
    public init(name: String, expected: String, isMissing: Bool = false) {
        self.name = Settings.name(of: name)
        self.expected = expected
        self.isMissing = isMissing
    }

    public var description: String { "\(name) is \(isMissing ? "not set" : "malformed"): expected \(expected)" }
}

/// All faults in the settings of a service that could be found at once.
public struct SettingErrors: Error, CustomStringConvertible {
    public let faults: [String]

    public var description: String { faults.joined(separator: "\n") }
}
