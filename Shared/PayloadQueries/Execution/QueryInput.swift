public import JSON

/// The value of a variable or an argument, as far as a query can use it.
public enum QueryInput: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    /// An array, an object or an enumeration's value: there, and of no use.
    case other

    /// A member of a default payload.
    public init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .bool: self = .bool(value.bool ?? false)
        case .number: self = .number(String(decoding: value.rawBytes, as: UTF8.self))
        case .string: self = .string(value.string ?? "")
        case .array, .object: self = .other
        }
    }

    /// A literal.
    init(_ value: QueryDocument.Value) {
        switch value.content {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let text), .float(let text): self = .number(text)
        case .string(let text): self = .string(text)
        case .variable, .enumeration, .list, .object: self = .other
        }
    }

    /// What names a resource; nil: none does.
    var identifier: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .null, .bool, .other: nil
        }
    }
}

/// Why a query has no result.
public struct QueryFailure: Error, Hashable, Sendable {
    /// One sentence for people.
    public let message: String

    public init(_ message: String) { self.message = message }
}
