/// Builds compact JSON text front to back; commas are its business, balance is the caller's.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object {
///     $0.member("id", "evt_1")
///     $0.name("data")
///     $0.raw(event.data)
/// }
/// ```
public struct JSONWriter: Sendable {
    /// The text so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: bytes that are likely to come.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// The text so far, for what wants a `String`.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func begin() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        begin()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    // MARK: Containers

    /// Opens an object; names and values follow in turn.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object that was opened last.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array; values follow.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array that was opened last.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// An object whose members `content` writes.
    public mutating func object<E>(_ content: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginObject()
        try content(&self)
        endObject()
    }

    /// An array whose elements `content` writes.
    public mutating func array<E>(_ content: (inout JSONWriter) throws(E) -> Void) throws(E) {
        beginArray()
        try content(&self)
        endArray()
    }

    /// A member's name; its value is written next.
    public mutating func name(_ name: String) {
        begin()
        appendString(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    /// Only quote, backslash and control characters are escaped. Nil writes `null`.
    public mutating func string(_ value: String?) {
        guard let value else { return null() }
        begin()
        appendString(value)
    }

    /// Decimal digits.
    public mutating func integer(_ value: some BinaryInteger) {
        begin()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// The shortest text that reads back as the same double, whole numbers without fraction; not finite: `null`.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        begin()
        let text = value.description.utf8
        bytes.append(contentsOf: text.suffix(2).elementsEqual(".0".utf8) ? text.dropLast(2) : text[...])
    }

    /// `true` or `false`.
    public mutating func bool(_ value: Bool) {
        begin()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// `null`.
    public mutating func null() {
        begin()
        bytes.append(contentsOf: "null".utf8)
    }

    /// One value that is JSON text already, byte for byte.
    public mutating func raw(_ value: some Collection<UInt8>) {
        begin()
        bytes.append(contentsOf: value)
    }

    private mutating func appendString(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        bytes.appendJSONEscaped(value)
        bytes.append(UInt8(ascii: "\""))
    }
}
