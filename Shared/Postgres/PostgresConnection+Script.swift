import CPostgres

extension PostgresConnection {
    /// Runs SQL text of any number of commands, for what cannot be a ``Statement``: migrations, `CREATE DATABASE`.
    ///
    /// The commands share one implicit transaction unless they begin and end their own. No rows, no parameters; never
    /// put foreign text into it. The session must have nothing else in flight: lease one.
    public func run(script sql: String) async throws(PostgresError) {
        try requireOpen()
        guard !sql.utf8.contains(0) else { throw .encoding("the script holds NUL (0x00)") }
        guard let session, owed.isEmpty else {
            throw .connection("the session has statements in flight; lease one for a script")
        }
        guard PQexitPipelineMode(session) == 1, PQsendQuery(session, sql) == 1 else {
            let message = message
            end(message)
            throw .connection(message)
        }
        let batch = Batch()
        script = batch
        flush()
        watchProgress()
        try await batch.settled()
    }

    func readScript() {
        while let session, let script, PQisBusy(session) == 0 {
            guard let pointer = PQgetResult(session) else {
                self.script = nil
                if PQenterPipelineMode(session) != 1 { end(message) }
                return script.settle()
            }
            let result = ResultHandle(takingOwnershipOf: pointer)
            if result.isCopy { return end("COPY is not supported") }
            guard !result.isSuccess else { continue }
            let failure = result.error
            if case .lost(let reason) = failure { return end(reason) }
            script.note(failure)
        }
    }
}
