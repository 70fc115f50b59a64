import CPostgres

/// Reads one row by column number, from 0; it cannot outlive the result that it reads.
public struct RowReader: ~Copyable {
    let result: OpaquePointer
    let row: CInt
    /// How many columns the row has.
    public let columns: Int

    init(result: OpaquePointer, row: CInt, columns: Int) {
        self.result = result
        self.row = row
        self.columns = columns
    }

    /// A column that is never null.
    @inlinable
    public func column<Value: PostgresDecodable>(
        _ index: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let value = try optional(index, as: type) else { throw isNull(index) }
        return value
    }

    /// A column that may be null.
    @inlinable
    public func optional<Value: PostgresDecodable>(
        _ index: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value? {
        try check(index)
        guard let bytes = bytes(index) else { return nil }
        guard Value.accepts(type: self.type(index)), let value = Value(postgresBytes: bytes) else {
            throw isNo("\(type)", index)
        }
        return value
    }

    /// A one-dimensional array without nulls, in a column that is never null.
    @inlinable
    public func column<Element: PostgresDecodable>(
        _ index: Int, as type: [Element].Type = [Element].self
    ) throws(PostgresError) -> [Element] {
        guard let values = try optional(index, as: type) else { throw isNull(index) }
        return values
    }

    /// A one-dimensional array without nulls, in a column that may be null.
    @inlinable
    public func optional<Element: PostgresDecodable>(
        _ index: Int, as type: [Element].Type = [Element].self
    ) throws(PostgresError) -> [Element]? {
        var values: [Element] = []
        let isThere = try array(index, of: Element.self, reserve: { values.reserveCapacity($0) }) { element in
            guard let element else { return false }
            values.append(element)
            return true
        }
        return isThere ? values : nil
    }

    /// A one-dimensional array some of whose elements may be null, in a column that is never null.
    @inlinable
    public func column<Element: PostgresDecodable>(
        _ index: Int, as type: [Element?].Type = [Element?].self
    ) throws(PostgresError) -> [Element?] {
        guard let values = try optional(index, as: type) else { throw isNull(index) }
        return values
    }

    /// A one-dimensional array some of whose elements may be null, in a column that may be null.
    @inlinable
    public func optional<Element: PostgresDecodable>(
        _ index: Int, as type: [Element?].Type = [Element?].self
    ) throws(PostgresError) -> [Element?]? {
        var values: [Element?] = []
        let isThere = try array(index, of: Element.self, reserve: { values.reserveCapacity($0) }) { element in
            values.append(element)
            return true
        }
        return isThere ? values : nil
    }

    /// Lends the bytes of a column as the server sent them, or nil for a null; valid during `body` only.
    public func withBytes<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer?) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        try check(index)
        return try body(bytes(index))
    }

    /// False for a null. `take` answers false when it cannot have the element.
    @usableFromInline
    func array<Element: PostgresDecodable>(
        _ index: Int, of element: Element.Type, reserve: (Int) -> Void, take: (Element?) -> Bool
    ) throws(PostgresError) -> Bool {
        try check(index)
        guard let bytes = bytes(index) else { return false }
        guard var reader = ArrayReader(bytes), reader.count == 0 || Element.accepts(type: reader.elementType) else {
            throw isNo("[\(element)]", index)
        }
        reserve(reader.count)
        while reader.hasNext {
            guard let next = reader.next() else { throw isNo("[\(element)]", index) }
            let value = next.flatMap { Element(postgresBytes: $0) }
            guard (next == nil) == (value == nil), take(value) else { throw isNo("[\(element)]", index) }
        }
        return true
    }

    @usableFromInline
    func check(_ index: Int) throws(PostgresError) {
        guard index >= 0, index < columns else { throw .decoding("there is no column \(index)") }
    }

    @usableFromInline
    func bytes(_ index: Int) -> UnsafeRawBufferPointer? {
        let column = CInt(truncatingIfNeeded: index)
        let length = PQgetlength(result, row, column)
        if length == 0, PQgetisnull(result, row, column) == 1 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(length))
    }

    @usableFromInline
    func type(_ index: Int) -> UInt32 { PQftype(result, CInt(truncatingIfNeeded: index)) }

    @usableFromInline
    func isNull(_ index: Int) -> PostgresError { .decoding("column \(index) is null") }

    @usableFromInline
    func isNo(_ type: String, _ index: Int) -> PostgresError {
        .decoding("column \(index) (type \(self.type(index))) is no \(type)")
    }
}
