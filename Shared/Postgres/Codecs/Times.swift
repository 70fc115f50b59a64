/// `timestamptz` in microseconds since 1970 UTC; PostgreSQL itself counts from 2000.
///
/// What lies beyond the range of the column is sent as infinity.
public struct PostgresTimestamp: Hashable, Comparable, Sendable, PostgresCodable {
    public let microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

    /// After every other timestamp.
    public static let infinity = PostgresTimestamp(microseconds: .max)
    /// Before every other timestamp.
    public static let negativeInfinity = PostgresTimestamp(microseconds: .min)

    @usableFromInline static let epoch: Int64 = 946_684_800_000_000  // 2000-01-01
    @usableFromInline static let earliest: Int64 = -211_813_488_000_000_000  // 4714-11-24 BC, in PostgreSQL's count

    public static var postgresType: UInt32 { 1184 }
    public static var postgresArrayType: UInt32 { 1185 }
    @inlinable public func encode(into bytes: inout [UInt8]) {
        guard microseconds != .max else { return bytes.appendBigEndian(Int64.max) }
        let (value, isTooEarly) = microseconds.subtractingReportingOverflow(Self.epoch)
        bytes.appendBigEndian(isTooEarly || value < Self.earliest ? Int64.min : value)
    }
    @inlinable public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.bigEndian(as: Int64.self) else { return nil }
        guard value != .min else { self = .negativeInfinity; return }
        let (microseconds, isTooLate) = value.addingReportingOverflow(Self.epoch)
        self.init(microseconds: isTooLate ? .max : microseconds)
    }
    public static func < (one: Self, other: Self) -> Bool { one.microseconds < other.microseconds }
}

/// `date` in days since 1970-01-01; PostgreSQL itself counts from 2000.
public struct PostgresDate: Hashable, Comparable, Sendable, PostgresCodable {
    public let days: Int32

    public init(days: Int32) { self.days = days }

    /// After every other date.
    public static let infinity = PostgresDate(days: .max)
    /// Before every other date.
    public static let negativeInfinity = PostgresDate(days: .min)

    private static let epoch: Int32 = 10_957  // 2000-01-01

    public static var postgresType: UInt32 { 1082 }
    public static var postgresArrayType: UInt32 { 1182 }
    public func encode(into bytes: inout [UInt8]) {
        guard days != .max else { return bytes.appendBigEndian(Int32.max) }
        let (value, isTooEarly) = days.subtractingReportingOverflow(Self.epoch)
        bytes.appendBigEndian(isTooEarly ? Int32.min : value)
    }
    public init?(postgresBytes bytes: UnsafeRawBufferPointer) {
        guard let value = bytes.bigEndian(as: Int32.self) else { return nil }
        guard value != .min else { self = .negativeInfinity; return }
        let (days, isTooLate) = value.addingReportingOverflow(Self.epoch)
        self.init(days: isTooLate ? .max : days)
    }
    public static func < (one: Self, other: Self) -> Bool { one.days < other.days }
}
