/// `uuid` as one number, most significant byte first.
public struct PostgresUUID: Hashable, Sendable, PostgresCodable {
    public let value: UInt128

    @inlinable public init(_ value: UInt128) { self.value = value }

    public static var postgresType: UInt32 { 2950 }
    public static var postgresArrayType: UInt32 { 2951 }
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(value) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.bigEndian(as: UInt128.self) else { return nil }
        self.value = value
    }
}

/// `xid8`: the number of a transaction, never used twice.
public struct PostgresTransactionID: Hashable, Comparable, Sendable, PostgresCodable {
    public let value: UInt64

    @inlinable public init(_ value: UInt64) { self.value = value }

    public static var postgresType: UInt32 { 5069 }
    public static var postgresArrayType: UInt32 { 271 }
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(value) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.bigEndian(as: UInt64.self) else { return nil }
        self.value = value
    }
    public static func < (one: Self, other: Self) -> Bool { one.value < other.value }
}
