/// One entry of a webhook's `events`: a name, `*`, or a prefix such as `order-*`.
public struct EventPattern: Hashable, Sendable, LosslessStringConvertible {
    private enum Form: Hashable, Sendable {
        case name(String)
        /// Empty for `*`.
        case prefix(String)
    }

    private let form: Form

    /// Nil unless it is `*`, or a valid name (``EventType/isValidName(_:)``) with or without a `*` at its end.
    public init?(_ text: String) {
        if text == "*" {
            form = .prefix("")
        } else if text.utf8.last == UInt8(ascii: "*") {
            let prefix = String(text.dropLast())
            guard EventType.isValidName(prefix) else { return nil }
            form = .prefix(prefix)
        } else {
            guard EventType.isValidName(text) else { return nil }
            form = .name(text)
        }
    }

    /// As it is written in `events`.
    public var description: String {
        switch form {
        case .name(let name): name
        case .prefix(let prefix): prefix + "*"
        }
    }

    /// Whether events of this type are subscribed to. Aliases are no names; Martlet's own types match only their name.
    public func matches(_ type: String) -> Bool {
        switch form {
        case .name(let name): name == type
        case .prefix(let prefix): type.utf8.starts(with: prefix.utf8) && !Self.operationalNames.contains(type)
        }
    }

    private static let operationalNames = Set(EventCatalogue.standard.types.filter(\.isOperational).map(\.name))
}
