extension PostgresPool {
    /// Runs one statement on a session that others use too; the rows come after the commit.
    ///
    /// The caller waits for a session at most the configuration's `waitLimit`. Once sent, the statement is carried out
    /// even when the task is cancelled.
    public nonisolated func execute<S: Statement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        try await run(Encoded(statement))
    }

    /// Runs statements in one round trip and one transaction, on a session of their own; see
    /// ``PostgresConnection/transact(_:)``.
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

    /// Runs any number of statements of one type in one round trip and one transaction, on a session of their own.
    public nonisolated func transact<S: Statement>(all statements: [S]) async throws(PostgresError) -> [[S.Row]] {
        var encoded: [Encoded<S>] = []
        encoded.reserveCapacity(statements.count)
        for statement in statements { encoded.append(try Encoded(statement)) }
        return try await run(all: encoded)
    }

    /// Lends a session that nobody else uses until `body` returns.
    ///
    /// One that is left inside a transaction is closed, which rolls it back.
    public nonisolated func withConnection<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire(.leased)
        do {
            let value = try await body(lease.connection)
            await release(lease, .leased)
            return value
        } catch {
            await release(lease, .leased)
            throw error
        }
    }

    /// Listens to a channel on a session of its own, which ends with the sequence.
    public func listen(to channel: String) async throws(PostgresError) -> PostgresNotifications {
        let lease = try await acquire(.leased)
        do throws(PostgresError) {
            return try await lease.connection.listen(to: channel) { [weak self] in
                self?.assumeIsolated { $0.release(lease, .leased) }
            }
        } catch {
            release(lease, .leased)
            throw error
        }
    }

    /// Sends a notification; see ``PostgresConnection/notify(_:payload:)``.
    public nonisolated func notify(_ channel: String, payload: String = "") async throws(PostgresError) {
        _ = try await execute(Notify(channel: channel, payload: payload))
    }

    /// Asks the server for an answer: throws when the database is away.
    public nonisolated func check() async throws(PostgresError) { _ = try await execute(Check()) }

    private func run<S: Statement>(_ statement: Encoded<S>) async throws(PostgresError) -> [S.Row] {
        let lease = try await acquire(.shared)
        defer { release(lease, .shared) }
        return try await lease.connection.run(statement)
    }

    private func run(_ parts: [Part]) async throws(PostgresError) {
        let lease = try await acquire(.leased)
        defer { release(lease, .leased) }
        try await lease.connection.run(parts)
    }

    private func run<S: Statement>(all statements: [Encoded<S>]) async throws(PostgresError) -> [[S.Row]] {
        let lease = try await acquire(.leased)
        defer { release(lease, .leased) }
        return try await lease.connection.run(all: statements)
    }
}

/// Asks for nothing but an answer.
private struct Check: Statement {
    static let sql = "SELECT 1"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
