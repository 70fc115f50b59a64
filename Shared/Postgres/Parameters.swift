/// The values of `$1`, `$2`, … in binary form, one after the other in one buffer, with the types that the server is
/// told to expect.
///
/// What cannot be sent is remembered as ``failure`` and thrown when the statement is executed, before anything is sent.
public struct Parameters: Sendable {
    static let maximumCount = Int(UInt16.max)
    /// PostgreSQL takes no message, and so no statement, of a GiB or more.
    static let maximumSize = (1 << 30) - (1 << 16)

    struct Field: Sendable {
        let start: Int
        let length: Int32
        let isNull: Bool
    }

    @usableFromInline var bytes: [UInt8] = []
    private(set) var fields: [Field] = []
    private(set) var types: [UInt32] = []
    /// The first reason why these values cannot be sent.
    public private(set) var failure: PostgresError?

    /// No values yet.
    public init() {}

    /// Asks for room, in bytes, before large arrays are appended.
    public mutating func reserveCapacity(_ capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Appends one value, or a null.
    @inlinable
    public mutating func append<Value: PostgresEncodable>(_ value: Value?) {
        let start = bytes.count
        guard let value else { return addField(from: start, isNull: true, type: Value.postgresType) }
        value.encode(into: &bytes)
        if Value.isPostgresText { checkText(from: start) }
        addField(from: start, isNull: false, type: Value.postgresType)
    }

    /// Appends a one-dimensional array, or a null.
    @inlinable
    public mutating func append<Element: PostgresEncodable>(_ values: [Element]?) {
        guard let values else {
            return addField(from: bytes.count, isNull: true, type: Element.postgresArrayType)
        }
        appendArray(of: values) { $0 }
    }

    /// Appends a one-dimensional array some of whose elements may be null, or a null.
    @inlinable
    public mutating func append<Element: PostgresEncodable>(_ values: [Element?]?) {
        guard let values else {
            return addField(from: bytes.count, isNull: true, type: Element.postgresArrayType)
        }
        appendArray(of: values) { $0 }
    }

    /// Appends a one-dimensional array with one element for each item of `source`, without an array in between.
    ///
    /// For `unnest`: `parameters.appendArray(of: rows) { $0.id }`, once a column.
    @inlinable
    public mutating func appendArray<Source: Collection, Element: PostgresEncodable>(
        of source: Source, _ element: (Source.Element) -> Element?
    ) {
        let start = bytes.count
        let count = source.count
        bytes.appendBigEndian(Int32(count == 0 ? 0 : 1))  // dimensions
        let flag = bytes.count
        bytes.appendBigEndian(Int32(0))  // 1 when there is a null in it
        bytes.appendBigEndian(Element.postgresType)
        if count > 0 {
            bytes.appendBigEndian(Int32(truncatingIfNeeded: count))
            bytes.appendBigEndian(Int32(1))  // the first index
        }
        for item in source {
            let lengthAt = bytes.count
            guard let value = element(item) else {
                bytes.appendBigEndian(Int32(-1))
                bytes[flag + 3] = 1
                continue
            }
            bytes.appendBigEndian(Int32(0))
            value.encode(into: &bytes)
            if Element.isPostgresText { checkText(from: lengthAt + 4) }
            bytes.storeBigEndian(Int32(truncatingIfNeeded: bytes.count - lengthAt - 4), at: lengthAt)
        }
        addField(from: start, isNull: false, type: Element.postgresArrayType)
    }

    @usableFromInline
    mutating func addField(from start: Int, isNull: Bool, type: UInt32) {
        fields.append(Field(start: start, length: Int32(truncatingIfNeeded: bytes.count - start), isNull: isNull))
        types.append(type)
        if fields.count > Self.maximumCount { fail("more than \(Self.maximumCount) parameters") }
        if bytes.count > Self.maximumSize { fail("more than a GiB of parameters") }
    }

    /// PostgreSQL's `text` cannot hold NUL, and one such value would fail a whole batch.
    @usableFromInline
    mutating func checkText(from start: Int) {
        if bytes.containsNUL(from: start) { fail("parameter $\(fields.count + 1) holds NUL (0x00) in a text") }
    }

    private mutating func fail(_ reason: String) {
        if failure == nil { failure = .encoding(reason) }
    }
}
