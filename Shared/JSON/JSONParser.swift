/// Reads one JSON text into a tape, in one pass and without recursion.
///
/// The parent of an open container is kept in its own node, so that nesting needs no stack. All access to the text goes
/// through `base` behind a comparison with `end`.
struct JSONParser {
    let base: UnsafePointer<UInt8>
    let end: Int
    let maximumDepth: Int
    var position = 0
    var nodes: [JSONNode] = []
    var hasWhitespace = false
    var containsNUL = false
    private var depth = 0
    private var open = Self.none

    /// The parent of the outermost container.
    private static let none = UInt32.max

    /// - Parameter base: `count` bytes that stay where they are while the parser lives.
    init(base: UnsafePointer<UInt8>, count: Int, maximumDepth: Int) {
        self.base = base
        end = count
        self.maximumDepth = maximumDepth
        nodes.reserveCapacity(min(count / 8 + 8, 4096))
    }

    mutating func parse() throws(JSONError) {
        skipWhitespace()
        while true {
            if try parseValue() { continue }
            if try parseWhatFollows() { return }
        }
    }

    /// Reads one value, or the start of a container that is not empty.
    ///
    /// - Returns: whether a value must follow at once: the first one of the container.
    private mutating func parseValue() throws(JSONError) -> Bool {
        guard position < end else { throw failure(.unexpectedEnd) }
        switch base[position] {
        case UInt8(ascii: "\""): try parseString()
        case UInt8(ascii: "{"):
            try openContainer()
            if !closes(with: UInt8(ascii: "}")) {
                try parseName()
                return true
            }
        case UInt8(ascii: "["):
            try openContainer()
            if !closes(with: UInt8(ascii: "]")) { return true }
        case UInt8(ascii: "t"): try parseLiteral("true")
        case UInt8(ascii: "f"): try parseLiteral("false")
        case UInt8(ascii: "n"): try parseLiteral("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
        default: throw failure(.unexpectedByte(base[position]))
        }
        return false
    }

    /// Reads what stands after a value: ends of containers, then a comma and perhaps a name.
    ///
    /// - Returns: whether the text is over; else another value follows.
    private mutating func parseWhatFollows() throws(JSONError) -> Bool {
        while open != Self.none {
            skipWhitespace()
            guard position < end else { throw failure(.unexpectedEnd) }
            let isObject = base[Int(nodes[Int(open)].offset)] == UInt8(ascii: "{")
            switch base[position] {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace()
                if isObject { try parseName() }
                return false
            case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
                position += 1
                closeContainer()
            default: throw failure(.unexpectedByte(base[position]))
            }
        }
        skipWhitespace()
        guard position == end else { throw failure(.trailingBytes) }
        return true
    }

    // MARK: Containers

    private mutating func openContainer() throws(JSONError) {
        guard depth < maximumDepth else { throw failure(.tooDeep(limit: maximumDepth)) }
        depth += 1
        nodes.append(JSONNode(offset: UInt32(position), length: 0, extra: open))
        open = UInt32(nodes.count - 1)
        position += 1
        skipWhitespace()
    }

    private mutating func closes(with bracket: UInt8) -> Bool {
        guard position < end, base[position] == bracket else { return false }
        position += 1
        closeContainer()
        return true
    }

    private mutating func closeContainer() {
        let index = Int(open)
        open = nodes[index].extra
        nodes[index].length = UInt32(position) - nodes[index].offset
        nodes[index].extra = UInt32(nodes.count)
        depth -= 1
    }

    /// A member's name, the colon, and the whitespace around them.
    private mutating func parseName() throws(JSONError) {
        guard position < end else { throw failure(.unexpectedEnd) }
        guard base[position] == UInt8(ascii: "\"") else { throw failure(.unexpectedByte(base[position])) }
        try parseString()
        skipWhitespace()
        guard position < end else { throw failure(.unexpectedEnd) }
        guard base[position] == UInt8(ascii: ":") else { throw failure(.unexpectedByte(base[position])) }
        position += 1
        skipWhitespace()
    }

    private mutating func skipWhitespace() {
        guard position < end, base[position] <= 0x20 else { return }
        let start = position
        while position < end, isJSONWhitespace(base[position]) { position += 1 }
        if position > start { hasWhitespace = true }
    }

    func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(offset: position, reason: reason) }
}

/// Space, tab, line feed, carriage return.
@inline(__always)
func isJSONWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
