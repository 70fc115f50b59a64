import CPostgres
import DequeModule

extension PostgresConnection {
    // MARK: Sending

    /// Sees to it that the session has a plan for the statement, or has asked for it.
    func ready<S: Statement>(_ statement: Encoded<S>) throws(PostgresError) -> Ready<S> {
        Ready(parameters: statement.parameters, plan: statement.isOmitted ? nil : try plan(for: statement))
    }

    /// A PREPARE has a sync of its own: a statement that fails in a batch must not skip the PREPARE of one behind it.
    private func plan<S: Statement>(for statement: Encoded<S>) throws(PostgresError) -> Plan {
        guard let session else { throw .connection(endReason ?? "closed") }
        if let plan = plans[S.planKey] { return plan }
        planCount += 1
        let plan = Plan(key: S.planKey, name: "s\(planCount)")  // short: the server cuts names at 63 bytes
        let types = statement.parameters.types
        guard PQsendPrepare(session, plan.name, S.sql, CInt(types.count), types) == 1 else { throw endedBySending() }
        plans[S.planKey] = plan
        owed.append(.plan(plan))
        sync(nil)
        return plan
    }

    /// Nil for a statement that is left out.
    func send<S: Statement>(_ statement: Ready<S>, for batch: Batch) throws(PostgresError) -> Rows<S>? {
        guard let plan = statement.plan else { return nil }
        guard let session else { throw .connection(endReason ?? "closed") }
        let isSent = statement.parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(session, plan.name, count, values, lengths, formats, 1) == 1
        }
        guard isSent else { throw endedBySending() }
        let rows = Rows<S>(to: batch, plan: plan)
        owed.append(.reply(rows))
        return rows
    }

    /// Ends the implicit transaction; libpq sends what the socket takes, `flush` the rest.
    func sync(_ batch: Batch?) {
        guard let session else { return }
        owed.append(.sync(batch))
        guard PQpipelineSync(session) == 1 else { return end(message) }
        flush()
        watchProgress()
    }

    /// Half a batch must never be committed, so a statement that cannot be sent ends the session: without a sync,
    /// nothing of its batch has happened.
    private func endedBySending() -> PostgresError {
        let message = message
        end(message)
        return .connection(message)
    }

    // MARK: Receiving

    /// libpq ends each statement's results with one nil; a second nil in a row means that nothing more is there.
    func readAnswers() {
        if script != nil { return readScript() }
        var nils = 0
        while let session, !owed.isEmpty, nils < 2, PQisBusy(session) == 0 {
            guard let pointer = PQgetResult(session) else {
                nils += 1
                continue
            }
            nils = 0
            take(ResultHandle(takingOwnershipOf: pointer))
        }
    }

    private func take(_ result: consuming ResultHandle) {
        if result.isSync {
            guard case .sync(let batch)? = owed.popFirst() else { return end("a sync that nobody asked for") }
            batch?.settle()
            return
        }
        if result.isCopy { return end("COPY is not supported") }
        var failure = result.isSuccess || result.isAborted ? nil : result.error
        if case .lost(let reason) = failure { return end(reason) }
        switch owed.first {
        case .plan(let plan):
            owed.removeFirst()
            plan.failure = failure
            if failure != nil { forget(plan) }  // the next caller tries again
        case .reply(let reply):
            owed.removeFirst()
            if result.isAborted { return }  // the batch knows an earlier error already
            do throws(PostgresError) {
                if failure == nil { try reply.take(result) }
            } catch {
                failure = error
            }
            if let failure { note(failure, of: reply) }
        case .sync(let batch):  // the commit has failed
            batch?.note(failure ?? .lost("an answer that nobody asked for"))
        case nil: end("an answer that nobody asked for")
        }
    }

    /// An error of a statement whose PREPARE failed is that of the PREPARE. A plan that the server no longer has, or
    /// that no longer fits its tables, is made anew next time.
    private func note(_ failure: PostgresError, of reply: Reply) {
        if failure.sqlState == .invalidStatementName || failure.sqlState == .featureNotSupported { forget(reply.plan) }
        reply.batch.note(reply.plan.failure ?? failure)
    }

    private func forget(_ plan: Plan) {
        if plans[plan.key] === plan { plans[plan.key] = nil }
    }
}

extension Parameters {
    /// Lends pointers that are valid during `body` only; libpq copies what they show.
    func withPointers<Result>(
        _ body: (
            CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        let count = fields.count
        return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
            withUnsafeTemporaryAllocation(of: CInt.self, capacity: 2 * count) { numbers in
                (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { buffer in
                    let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                    for (index, field) in fields.enumerated() {
                        values.initializeElement(at: index, to: field.isNull ? nil : base.map { $0 + field.start })
                        numbers.initializeElement(at: index, to: field.length)
                        numbers.initializeElement(at: count + index, to: 1)  // binary
                    }
                    let lengths = UnsafePointer(numbers.baseAddress)
                    return body(CInt(count), UnsafePointer(values.baseAddress), lengths, lengths.map { $0 + count })
                }
            }
        }
    }
}
