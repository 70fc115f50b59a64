extension PostgresConnection {
    /// Sends one statement; other callers' statements may already be in flight on this session.
    ///
    /// The rows come after the commit. Cancelling the task takes nothing back: it still waits for the answer.
    public nonisolated func execute<S: Statement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        try await run(Encoded(statement))
    }

    /// Sends several statements in one round trip and, as they share one sync, in one implicit transaction.
    ///
    /// All have been committed when this returns, none has when it throws anything but `.lost` or `.decoding`. A nil
    /// among the statements sends nothing and gives no rows.
    @_semantics("optimize.sil.specialize.generic.never")
    public nonisolated func transact<each S: Statement>(
        _ statements: repeat each S
    ) async throws(PostgresError) -> sending (repeat [(each S).Row]) {
        let parts = (repeat try TypedPart(each statements))
        var list: [Part] = []
        repeat list.append(each parts)
        try await run(list)
        return (repeat (each parts).rows)
    }

    /// Sends any number of statements of one type in one round trip and one implicit transaction; see ``transact(_:)``.
    public nonisolated func transact<S: Statement>(all statements: [S]) async throws(PostgresError) -> [[S.Row]] {
        var encoded: [Encoded<S>] = []
        encoded.reserveCapacity(statements.count)
        for statement in statements { encoded.append(try Encoded(statement)) }
        return try await run(all: encoded)
    }

    func run<S: Statement>(_ statement: Encoded<S>) async throws(PostgresError) -> [S.Row] {
        try requireOpen()
        if statement.isOmitted { return [] }
        let ready = try ready(statement)
        let batch = Batch()
        let rows = try send(ready, for: batch)
        sync(batch)
        try await batch.settled()
        return rows?.rows ?? []
    }

    func run(_ parts: [Part]) async throws(PostgresError) {
        try requireOpen()
        for part in parts { try part.prepare(on: self) }
        let batch = Batch()
        for part in parts { try part.send(on: self, for: batch) }
        sync(batch)
        try await batch.settled()
    }

    func run<S: Statement>(all statements: [Encoded<S>]) async throws(PostgresError) -> [[S.Row]] {
        try requireOpen()
        let batch = Batch()
        var rows: [Rows<S>?] = []
        rows.reserveCapacity(statements.count)
        let allReady = try statements.map { statement throws(PostgresError) in try ready(statement) }
        for statement in allReady { rows.append(try send(statement, for: batch)) }
        sync(batch)
        try await batch.settled()
        return rows.map { $0?.rows ?? [] }
    }
}
