extension JSONValue {
    /// The members of an object in the order of the text, repeated names included; none of anything else.
    public var members: Members { Members(value: self) }

    /// The elements of an array; none of anything else.
    public var elements: Elements { Elements(value: self) }

    /// The member of that name, the last one where it is repeated; nil where there is none, or no object.
    public func member(_ name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var name = name
        return name.withUTF8 { wanted in
            var found: JSONValue?
            var next = index + 1
            let end = endIndex
            while next < end {
                let value = JSONValue(storage: storage, index: next + 1)
                if JSONValue(storage: storage, index: next).isString(of: wanted) { found = value }
                next = value.endIndex
            }
            return found
        }
    }

    /// Whether it is a string with these bytes as its decoded text.
    private func isString(of wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        let node = node
        guard node.extra & JSONNode.escaped == 0 else { return string?.utf8.elementsEqual(wanted) ?? false }
        guard Int(node.length) == wanted.count + 2 else { return false }
        let start = Int(node.offset) + 1
        return storage.bytes.withUnsafeBufferPointer { $0[start..<start + wanted.count].elementsEqual(wanted) }
    }

    /// A place in ``Members`` or ``Elements``.
    public struct Position: Hashable, Comparable, Sendable {
        let node: Int
        /// In the order of the text.
        public static func < (one: Self, other: Self) -> Bool { one.node < other.node }
    }

    /// What ``members`` gives. Counting walks through it.
    public struct Members: Collection, Sendable {
        let value: JSONValue

        /// The first one's place.
        public var startIndex: Position { Position(node: value.kind == .object ? value.index + 1 : value.endIndex) }
        /// The place after the last one.
        public var endIndex: Position { Position(node: value.endIndex) }
        /// The next one's place.
        public func index(after position: Position) -> Position {
            Position(node: JSONValue(storage: value.storage, index: position.node + 1).endIndex)
        }
        /// The decoded name and the value.
        public subscript(position: Position) -> (name: String, value: JSONValue) {
            let name = JSONValue(storage: value.storage, index: position.node)
            return (name.string ?? "", JSONValue(storage: value.storage, index: position.node + 1))
        }
    }

    /// What ``elements`` gives. Counting walks through it.
    public struct Elements: Collection, Sendable {
        let value: JSONValue

        /// The first one's place.
        public var startIndex: Position { Position(node: value.kind == .array ? value.index + 1 : value.endIndex) }
        /// The place after the last one.
        public var endIndex: Position { Position(node: value.endIndex) }
        /// The next one's place.
        public func index(after position: Position) -> Position {
            Position(node: JSONValue(storage: value.storage, index: position.node).endIndex)
        }
        /// The element itself.
        public subscript(position: Position) -> JSONValue {
            JSONValue(storage: value.storage, index: position.node)
        }
    }
}
