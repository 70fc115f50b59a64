// bool, int2, int4, int8, float4 and float8.

extension Bool: PostgresCodable {
    public static var postgresType: UInt32 { 16 }
    public static var postgresArrayType: UInt32 { 1000 }
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 1 else { return nil }
        self = bytes[0] != 0
    }
}

extension PostgresEncodable where Self: FixedWidthInteger {
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.bigEndian(as: Self.self) else { return nil }
        self = value
    }
}

/// `int2`.
extension Int16: PostgresCodable {
    public static var postgresType: UInt32 { 21 }
    public static var postgresArrayType: UInt32 { 1005 }
}

/// `int4`.
extension Int32: PostgresCodable {
    public static var postgresType: UInt32 { 23 }
    public static var postgresArrayType: UInt32 { 1007 }
}

/// `int8`.
extension Int64: PostgresCodable {
    public static var postgresType: UInt32 { 20 }
    public static var postgresArrayType: UInt32 { 1016 }
}

/// `int8`.
extension Int: PostgresCodable {
    public static var postgresType: UInt32 { Int64.postgresType }
    public static var postgresArrayType: UInt32 { Int64.postgresArrayType }
}

/// `float4`.
extension Float: PostgresCodable {
    public static var postgresType: UInt32 { 700 }
    public static var postgresArrayType: UInt32 { 1021 }
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let pattern = bytes.bigEndian(as: UInt32.self) else { return nil }
        self.init(bitPattern: pattern)
    }
}

/// `float8`.
extension Double: PostgresCodable {
    public static var postgresType: UInt32 { 701 }
    public static var postgresArrayType: UInt32 { 1022 }
    @inlinable public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let pattern = bytes.bigEndian(as: UInt64.self) else { return nil }
        self.init(bitPattern: pattern)
    }
}

extension UnsafeRawBufferPointer {
    /// The whole buffer as one integer in network byte order; nil when its size is another.
    @inlinable
    func bigEndian<Integer: FixedWidthInteger>(as type: Integer.Type) -> Integer? {
        guard count == MemoryLayout<Integer>.size else { return nil }
        var value: Integer = 0
        Swift.withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: self) }
        return Integer(bigEndian: value)
    }
}
