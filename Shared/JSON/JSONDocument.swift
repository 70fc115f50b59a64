/// A JSON text (RFC 8259) that was read once: its bytes, and a tape that says where each value lies in them.
///
/// Nothing is converted until it is asked for, so numbers stay the text that came. Accepted is exactly what the RFC's
/// grammar accepts, in valid UTF-8 without a byte order mark; `\ud800` without its partner is grammar and accepted.
public struct JSONDocument: Sendable {
    /// Containers inside one another at most, unless said otherwise.
    public static let defaultMaximumDepth = 64
    /// No limit above this is honoured: some walks over a value recurse.
    public static let greatestMaximumDepth = 512

    let storage: JSONStorage

    /// - Parameters:
    ///   - bytes: the text, below 4 GiB; whitespace around the value is fine.
    ///   - maximumDepth: containers inside one another, 0–``greatestMaximumDepth``: `[[]]` needs 2.
    /// - Throws: what is wrong with the first byte that is wrong. No bytes trap.
    public init(parsing bytes: [UInt8], maximumDepth: Int = Self.defaultMaximumDepth) throws(JSONError) {
        guard bytes.count < Int(UInt32.max) else { throw JSONError(offset: 0, reason: .tooLong) }
        let limit = min(max(maximumDepth, 0), Self.greatestMaximumDepth)
        storage = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) -> JSONStorage in
            guard let base = text.baseAddress else { throw JSONError(offset: 0, reason: .unexpectedEnd) }
            var parser = JSONParser(base: base, count: text.count, maximumDepth: limit)
            try parser.parse()
            return JSONStorage(
                bytes: bytes, nodes: parser.nodes, hasWhitespace: parser.hasWhitespace, containsNUL: parser.containsNUL)
        }
    }

    /// The same of bytes in another shape, which are copied; offsets count from their start.
    public init(
        parsing bytes: some Sequence<UInt8>, maximumDepth: Int = Self.defaultMaximumDepth
    ) throws(JSONError) {
        try self.init(parsing: Array(bytes), maximumDepth: maximumDepth)
    }

    /// The one value of the text.
    public var root: JSONValue { JSONValue(storage: storage, index: 0) }

    /// What was parsed, as it came.
    public var bytes: [UInt8] { storage.bytes }

    /// Whether any string or member name holds U+0000, which PostgreSQL's text cannot.
    public var containsNUL: Bool { storage.containsNUL }
}

/// What all values of a document share.
final class JSONStorage: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]
    /// Whether there is whitespace outside of strings.
    let hasWhitespace: Bool
    let containsNUL: Bool

    init(bytes: [UInt8], nodes: [JSONNode], hasWhitespace: Bool, containsNUL: Bool) {
        self.bytes = bytes
        self.nodes = nodes
        self.hasWhitespace = hasWhitespace
        self.containsNUL = containsNUL
    }
}

/// One value or member name on the tape. A container is followed by its content: elements, or names and values in turn.
struct JSONNode: Sendable {
    /// Where its text begins; the byte there tells its kind.
    var offset: UInt32
    /// Bytes of its text: quotes and brackets included.
    var length: UInt32
    /// Of a container: the index after its content (while it is open: its parent). Of a string or number: flags.
    var extra: UInt32

    /// A string with a backslash in it.
    static let escaped: UInt32 = 1
    /// A string with `\u0000` in it.
    static let holdsNUL: UInt32 = 2
    /// A number without fraction and exponent.
    static let plain: UInt32 = 4
}
