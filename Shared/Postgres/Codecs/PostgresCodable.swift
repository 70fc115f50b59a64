/// A Swift type that stands for a PostgreSQL type.
public protocol PostgresType {
    /// The type's number in `pg_type`. A mismatch is then an error when the statement is prepared, not garbage when it
    /// runs.
    static var postgresType: UInt32 { get }
    /// The number of the type of arrays of it.
    static var postgresArrayType: UInt32 { get }
}

/// A value that can be a parameter.
public protocol PostgresEncodable: PostgresType {
    /// Appends the value in PostgreSQL's binary form.
    func encode(into bytes: inout [UInt8])
}

/// A value that can be read from a column.
public protocol PostgresDecodable: PostgresType {
    /// Reads PostgreSQL's binary form; nil when the bytes are no such value.
    ///
    /// The bytes are valid during the call only.
    init?(postgresBytes bytes: UnsafeRawBufferPointer)

    /// Whether a column of this type can be read; by default only ``PostgresType/postgresType`` itself.
    static func accepts(type: UInt32) -> Bool
}

public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

extension PostgresType {
    /// True for types whose binary form is the text itself, in which the server takes no NUL.
    @inlinable static var isPostgresText: Bool { postgresType == 25 || postgresType == 114 || postgresType == 3802 }
}

extension PostgresDecodable {
    @inlinable public static func accepts(type: UInt32) -> Bool { type == postgresType }
}

/// A type of another module that travels as one of the types here: an id as ``PostgresUUID``, say.
///
/// Two members make it a parameter and a column, alone and in arrays.
public protocol PostgresConvertible: PostgresEncodable, PostgresDecodable {
    associatedtype PostgresValue: PostgresCodable
    /// What is sent in its place.
    var postgresValue: PostgresValue { get }
    /// Nil when the value that came stands for nothing here.
    init?(postgresValue: PostgresValue)
}

extension PostgresConvertible {
    @inlinable public static var postgresType: UInt32 { PostgresValue.postgresType }
    @inlinable public static var postgresArrayType: UInt32 { PostgresValue.postgresArrayType }
    @inlinable public static func accepts(type: UInt32) -> Bool { PostgresValue.accepts(type: type) }
    @inlinable public func encode(into bytes: inout [UInt8]) { postgresValue.encode(into: &bytes) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = PostgresValue(postgresBytes: bytes) else { return nil }
        self.init(postgresValue: value)
    }
}
