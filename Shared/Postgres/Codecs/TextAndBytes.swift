/// `text`, and what reads like it: `varchar`, `name`, `bpchar`, `json`.
///
/// A text with NUL in it fails as ``PostgresError/encoding(_:)`` before it is sent.
extension String: PostgresCodable {
    public static var postgresType: UInt32 { 25 }
    public static var postgresArrayType: UInt32 { 1009 }
    public static func accepts(type: UInt32) -> Bool {
        switch type {
        case 25, 1043, 19, 1042, 114: true
        default: false
        }
    }
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
    public init?(postgresBytes bytes: UnsafeRawBufferPointer) { self.init(validating: bytes, as: UTF8.self) }
}

/// `bytea`.
///
/// `UInt8` itself is no PostgreSQL type, so an array of it is never one of integers, and `[[UInt8]]` is `bytea[]`.
extension Array: PostgresType, PostgresEncodable, PostgresDecodable where Element == UInt8 {
    public static var postgresType: UInt32 { 17 }
    public static var postgresArrayType: UInt32 { 1001 }
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
    public init?(postgresBytes bytes: UnsafeRawBufferPointer) { self.init(bytes) }
}

/// `bytea`, of a part of something larger.
extension ArraySlice: PostgresType, PostgresEncodable where Element == UInt8 {
    public static var postgresType: UInt32 { 17 }
    public static var postgresArrayType: UInt32 { 1001 }
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}

/// `jsonb` as its text, which the server checks and rewrites.
public struct PostgresJSON: Hashable, Sendable, PostgresCodable {
    /// JSON text in UTF-8.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { bytes = Array(text.utf8) }

    public static var postgresType: UInt32 { 3802 }
    public static var postgresArrayType: UInt32 { 3807 }
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(1)  // the version of the binary form
        bytes.append(contentsOf: self.bytes)
    }
    public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard bytes.first == 1 else { return nil }
        self.bytes = Array(bytes.dropFirst())
    }
}
