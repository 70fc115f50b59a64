/// A statement of a transaction whose type is forgotten, and its rows once the transaction is settled.
///
/// Parameter packs stop at the public methods and go on as a list of these: specialised for its statements, an async
/// method over a pack takes more arguments than fit registers, and there the optimiser (Swift 6.3.1) may spoil the
/// stack.
///
/// `@unchecked Sendable`: made by the caller, filled on the reactor while the caller waits, then read by it.
class Part: @unchecked Sendable {
    /// Makes sure that the session has a plan for it.
    func prepare(on connection: isolated PostgresConnection) throws(PostgresError) {}
    func send(on connection: isolated PostgresConnection, for batch: Batch) throws(PostgresError) {}
}

final class TypedPart<S: Statement>: Part, @unchecked Sendable {
    private let statement: Encoded<S>
    private var ready: Ready<S>?
    private var reply: Rows<S>?

    init(_ statement: S) throws(PostgresError) { self.statement = try Encoded(statement) }

    /// None before the transaction is settled.
    var rows: [S.Row] { reply?.rows ?? [] }

    override func prepare(on connection: isolated PostgresConnection) throws(PostgresError) {
        ready = try connection.ready(statement)
    }

    override func send(on connection: isolated PostgresConnection, for batch: Batch) throws(PostgresError) {
        if let ready { reply = try connection.send(ready, for: batch) }
    }
}
