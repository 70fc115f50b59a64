/// A kind of event: a name that webhooks subscribe to, and what it says of which resource.
public struct EventType: Hashable, Sendable {
    /// E.g. `order-created`: what is stored, sent and shown.
    public let name: String
    /// The resource that it happened to, e.g. `order`.
    public let resource: String
    /// What happened to it, e.g. `created`.
    public let action: String
    /// Other spellings that mean the same, e.g. `orders-created`.
    public let aliases: [String]
    /// Its data is not the whole resource: always sent as it came, never taken as the newest data.
    public let isPartial: Bool
    /// One of Martlet's own: must be named to be subscribed to, and cannot be posted.
    public let isOperational: Bool
    /// One sentence for people.
    public let description: String

    /// A type as the catalogue's file describes it.
    public init(
        name: String, resource: String, action: String, aliases: [String] = [], isPartial: Bool = false,
        isOperational: Bool = false, description: String = ""
    ) {
        self.name = name
        self.resource = resource
        self.action = action
        self.aliases = aliases
        self.isPartial = isPartial
        self.isOperational = isOperational
        self.description = description
    }

    /// A name outside the catalogue, for tenants whose catalogue is open. Nil unless ``isValidName(_:)``.
    ///
    /// The last `-`, `.` or `/` parts resource and action, without one the last `_`: `gift-card-created` happened to a
    /// `gift-card`. A name in one piece is both.
    public init?(openName name: String) {
        guard Self.isValidName(name) else { return nil }
        let separator = name.lastIndex { "-./".contains($0) } ?? name.lastIndex(of: "_")
        let parts = separator.map { (name[..<$0], name[name.index(after: $0)...]) }
        if let (resource, action) = parts, !resource.isEmpty, !action.isEmpty {
            self.init(name: name, resource: String(resource), action: String(action))
        } else {
            self.init(name: name, resource: name, action: name)
        }
    }

    /// Whether `text` may be the name of a type: 1–128 ASCII letters, digits, `-`, `_`, `.`, `/`, the first a letter or
    /// a digit.
    public static func isValidName(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first else { return false }
        return isAlphanumeric(first) && text.utf8.allSatisfy { isAlphanumeric($0) || "-_./".utf8.contains($0) }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
