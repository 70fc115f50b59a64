import JSON

/// The event types that every tenant has: those of `Resources/event-catalogue.json`, which is built in.
public struct EventCatalogue: Sendable {
    /// The one that is built in.
    public static let standard = EventCatalogue()

    /// In the order of the file.
    public let types: [EventType]
    private let typesByName: [String: EventType]

    /// The one that is built in.
    public init() {
        // The file is part of the program and tests read it: a fault in it cannot come from outside.
        let document = try? JSONDocument(parsing: PackageResources.event_catalogue_json)
        self.init(types: document?.root.elements.compactMap(EventType.init) ?? [])
    }

    /// - Parameter types: where two share a spelling, the first one has it.
    public init(types: [EventType]) {
        self.types = types
        var typesByName: [String: EventType] = [:]
        for type in types {
            for name in [type.name] + type.aliases where typesByName[name] == nil { typesByName[name] = type }
        }
        self.typesByName = typesByName
    }

    /// The catalogue together with types of a tenant's own.
    public func adding(_ own: [EventType]) -> EventCatalogue {
        own.isEmpty ? self : EventCatalogue(types: types + own)
    }

    /// The type with this name or alias, in exactly this spelling.
    public func type(named name: String) -> EventType? { typesByName[name] }

    /// The resource that an event of this type is about, a name outside the catalogue included; nil without its id.
    public func resource(ofType name: String, id: String?) -> Fingerprint? {
        guard let id, let type = type(named: name) ?? EventType(openName: name) else { return nil }
        return Fingerprint(resource: type.resource, id: id)
    }

    /// Whether `text` may be the name of a type in an open catalogue.
    public static func isValidName(_ text: String) -> Bool { EventType.isValidName(text) }

    /// Whether any type of the catalogue matches.
    public func matches(_ pattern: EventPattern) -> Bool { types.contains { pattern.matches($0.name) } }

    /// Names that may have been meant by one that is unknown: at most five, the nearest first.
    public func nearNames(to text: String) -> [String] {
        let wanted = Self.folded(text)
        guard (1...128).contains(wanted.count) else { return [] }
        let tolerance = max(2, wanted.count / 3)
        let ranked = types.enumerated().compactMap { place, type -> (distance: Int, place: Int, name: String)? in
            let name = Self.folded(type.name)
            let distance = name.starts(with: wanted) ? 0 : Self.distance(wanted, name)
            return distance <= tolerance ? (distance, place, type.name) : nil
        }
        return ranked.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }.prefix(5).map(\.name)
    }

    /// Lower case, and one separator for all.
    private static func folded(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { "./_ ".utf8.contains($0) ? UInt8(ascii: "-") : $0 }
    }

    /// Bytes to change, add or take to make one of the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (byte == other[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[other.count]
    }
}

extension EventType {
    /// An element of the catalogue's file; nil where a name is missing.
    fileprivate init?(_ value: JSONValue) {
        guard let name = value.member("name")?.string, let resource = value.member("resource")?.string,
            let action = value.member("action")?.string
        else { return nil }
        self.init(
            name: name, resource: resource, action: action,
            aliases: value.member("aliases")?.elements.compactMap(\.string) ?? [],
            isPartial: value.member("partial")?.bool ?? false,
            isOperational: value.member("operational")?.bool ?? false,
            description: value.member("description")?.string ?? "")
    }
}
