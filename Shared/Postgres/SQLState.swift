/// A five-character error code of the server; PostgreSQL's manual, appendix A, lists them.
public struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    /// The first two characters: the class of the error, e.g. `23` for a violated constraint.
    public var errorClass: String { String(rawValue.prefix(2)) }

    public static let featureNotSupported: SQLState = "0A000"
    public static let stringTruncation: SQLState = "22001"
    public static let foreignKeyViolation: SQLState = "23503"
    public static let uniqueViolation: SQLState = "23505"
    public static let checkViolation: SQLState = "23514"
    public static let invalidStatementName: SQLState = "26000"
    public static let serializationFailure: SQLState = "40001"
    public static let deadlockDetected: SQLState = "40P01"
    public static let insufficientPrivilege: SQLState = "42501"
    public static let syntaxError: SQLState = "42601"
    public static let undefinedTable: SQLState = "42P01"
    public static let lockNotAvailable: SQLState = "55P03"
    public static let queryCanceled: SQLState = "57014"

    /// True where the server refused a value: class 22 (data) or 23 (constraint).
    ///
    /// A batch with such an error may succeed without the value.
    public var isBadValue: Bool { errorClass == "22" || errorClass == "23" }

    /// True where the same statements may succeed a little later: conflicts, locks, time-outs and a server short of
    /// something or on its way down or up.
    public var isTransient: Bool {
        switch errorClass {
        case "08", "40", "53", "57": true
        default: self == .lockNotAvailable
        }
    }
}
