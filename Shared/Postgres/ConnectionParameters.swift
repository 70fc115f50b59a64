import CPostgres

/// libpq's connection parameters by keyword, in the order in which they were given.
struct ConnectionParameters: Sendable {
    private var entries: [(keyword: String, value: String)] = []

    var keywords: [String] { entries.map(\.keyword) }
    var values: [String] { entries.map(\.value) }

    /// What libpq itself reads from `url`. Its complaint would quote the URL, password and all, so it is not passed on.
    init(url: String) throws(PostgresError) {
        guard !url.utf8.contains(0), let options = PQconninfoParse(url, nil) else {
            throw .connection(
                "the database URL cannot be read; its form is postgres://user:password@host:port/database")
        }
        defer { PQconninfoFree(options) }
        entries = Self.entries(options)
    }

    /// What is given, by the environment for instance, when no parameter says otherwise.
    static func defaults() -> ConnectionParameters {
        guard let options = PQconndefaults() else { return ConnectionParameters() }
        defer { PQconninfoFree(options) }
        return ConnectionParameters(entries: entries(options))
    }

    private init(entries: [(String, String)] = []) { self.entries = entries }

    private static func entries(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [(String, String)] {
        var entries: [(String, String)] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { entries.append((String(cString: keyword), String(cString: value))) }
            option += 1
        }
        return entries
    }

    subscript(keyword: String) -> String? {
        entries.first { $0.keyword == keyword }?.value
    }

    mutating func set(_ keyword: String, _ value: String) {
        entries.removeAll { $0.keyword == keyword }
        entries.append((keyword, value))
    }

    mutating func addDefault(_ keyword: String, _ value: String) {
        if self[keyword] == nil { entries.append((keyword, value)) }
    }

    /// Puts server settings into `options`, which travel with the log-in and so cost no round trip.
    mutating func prependOptions(_ settings: [String: String]) {
        let ours = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\(Self.escaped($0.value))" }
        let options = ours + [self["options"]].compactMap(\.self)
        if !options.isEmpty { set("options", options.joined(separator: " ")) }
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            if character.isWhitespace || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }
}

extension ConnectionParameters: CustomStringConvertible {
    var description: String {
        let host = self["host"] ?? self["hostaddr"] ?? "local socket"
        return "\(self["user"] ?? "?")@\(host):\(self["port"] ?? "5432")/\(self["dbname"] ?? "?")"
    }
}
