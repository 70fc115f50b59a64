import Webhooks

extension EventCatalogue {
    /// Every entry of `events` under which a type that satisfies `condition` is received: for searching among webhooks.
    func patterns(where condition: (EventType) -> Bool) -> [String] {
        let names = types.filter(condition)
        return Set(names.flatMap { $0.isOperational ? [$0.name] : EventPattern.covering($0.name) }).sorted()
    }
}

extension EventPattern {
    /// The name itself, each prefix of it, and `*`.
    static func covering(_ name: String) -> [String] {
        [name, "*"] + name.indices.map { "\(name[...$0])*" }
    }

    /// A POSIX regular expression of the entries of `events` under which events of a resource are received whose names
    /// no catalogue has (``EventType/init(openName:)``), the shorter prefixes apart.
    static func openNames(ofResource resource: String) -> String? {
        guard EventType.isValidName(resource) else { return nil }
        let isPlain = !resource.contains { "-./".contains($0) }
        let quoted = resource.replacing(".", with: "[.]")
        let forms =
            ["[-./][^-./*]*[*]?"] + (isPlain ? ["_[^-./_*]*[*]?"] : [])
            + (isPlain && !resource.contains("_") ? ["[*]?"] : [])
        return "^\(quoted)(\(forms.joined(separator: "|")))$"
    }
}
