/// One SQL statement: its text, its parameters and the type of its rows, in one place.
///
/// It is prepared once a session, under its own type, and its rows come in binary.
public protocol Statement: Sendable {
    /// What one row becomes; `Never` for a statement that returns none.
    associatedtype Row: Sendable = Never

    /// The text with `$1`, `$2`, … in it: one command, always the same.
    static var sql: String { get }

    /// Appends the values of `$1`, `$2`, …: as many as the text has, always of the same types (a nil has one too).
    func bind(_ parameters: inout Parameters)

    /// Reads one row.
    ///
    /// It runs on the session's reactor: it should only read columns.
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row

    /// True when there is nothing to send: the statement is left out of its batch and gives no rows.
    var isOmitted: Bool { get }

    /// What a session remembers the prepared statement by.
    static var planKey: ObjectIdentifier { get }
}

extension Statement {
    public func bind(_ parameters: inout Parameters) {}
    public var isOmitted: Bool { false }
    public static var planKey: ObjectIdentifier { ObjectIdentifier(Self.self) }
}

extension Statement where Row == Never {
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Never {
        throw .decoding("\(Self.self) was declared to return no row")
    }
}

/// A nil in a batch sends nothing and gives no rows.
extension Optional: Statement where Wrapped: Statement {
    public static var sql: String { Wrapped.sql }
    public func bind(_ parameters: inout Parameters) { self?.bind(&parameters) }
    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Wrapped.Row {
        try Wrapped.decode(row)
    }
    public var isOmitted: Bool { self?.isOmitted ?? true }
    public static var planKey: ObjectIdentifier { Wrapped.planKey }
}
