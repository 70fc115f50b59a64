public import Postgres
public import Webhooks

// The domain's values as parameters and columns.

/// `uuid`.
extension Identifier: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: PostgresUUID { PostgresUUID(ulid.value) }
    public init?(postgresValue: PostgresUUID) { self.init(ULID(postgresValue.value)) }
}

/// `uuid`.
extension Fingerprint: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: PostgresUUID { PostgresUUID(value) }
    public init?(postgresValue: PostgresUUID) { self.init(postgresValue.value) }
}

/// `timestamptz`.
extension Instant: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: PostgresTimestamp { PostgresTimestamp(microseconds: microseconds) }
    public init?(postgresValue: PostgresTimestamp) { self.init(microseconds: postgresValue.microseconds) }
}

/// `int2`.
extension Shard: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: Int16 { number }
    public init?(postgresValue: Int16) { self.init(postgresValue) }
}

/// `int2`.
extension Outcome: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: Int16 { rawValue }
    public init?(postgresValue: Int16) { self.init(rawValue: postgresValue) }
}

/// `int2`.
extension ErrorClass: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: Int16 { rawValue }
    public init?(postgresValue: Int16) { self.init(rawValue: postgresValue) }
}

/// `int2`.
extension Delivery.Trigger: PostgresType, PostgresEncodable, PostgresDecodable, PostgresConvertible {
    public var postgresValue: Int16 { rawValue }
    public init?(postgresValue: Int16) { self.init(rawValue: postgresValue) }
}
