/// One value of a ``JSONDocument``: a place on its tape. Cheap to copy; keeps the document's bytes alive.
public struct JSONValue: Sendable {
    /// What a value is.
    public enum Kind: Hashable, Sendable { case object, array, string, number, bool, null }

    let storage: JSONStorage
    let index: Int

    var node: JSONNode { storage.nodes[index] }

    /// What it is, told by its first byte.
    public var kind: Kind {
        switch storage.bytes[Int(node.offset)] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// Whether it is an object.
    public var isObject: Bool { kind == .object }
    /// Whether it is an array.
    public var isArray: Bool { kind == .array }
    /// Whether it is `null`.
    public var isNull: Bool { kind == .null }

    /// Nil unless it is `true` or `false`.
    public var bool: Bool? {
        switch storage.bytes[Int(node.offset)] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// Where its text lies in the document's bytes: quotes and brackets included.
    public var range: Range<Int> { Int(node.offset)..<Int(node.offset) + Int(node.length) }

    /// Its text as it came: quotes, brackets and inner whitespace included. Not copied.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[range] }

    /// Whether a string or member name in it holds U+0000, which PostgreSQL's text cannot.
    public var containsNUL: Bool {
        guard storage.containsNUL else { return false }
        return (index..<endIndex).contains {
            let node = storage.nodes[$0]
            return storage.bytes[Int(node.offset)] == UInt8(ascii: "\"") && node.extra & JSONNode.holdsNUL != 0
        }
    }

    /// The index on the tape after it and all of its content.
    var endIndex: Int {
        switch kind {
        case .object, .array: Int(node.extra)
        case .string, .number, .bool, .null: index + 1
        }
    }
}
