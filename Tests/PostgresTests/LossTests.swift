import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1))) struct LossTests {
    private func failure(of body: () async throws -> Void) async -> PostgresError? {
        do { try await body() } catch { return error as? PostgresError }
        return nil
    }

    @Test func everyPendingAnswerOfADeadSessionIsLost() async throws {
        let victim = try await Database.connect(application: "loss-victim")
        let other = try await Database.connect(application: "loss-other")
        _ = try await victim.execute(Add(left: 1, right: 1))
        let errors = try await withThrowingTaskGroup(of: PostgresError?.self) { group in
            group.addTask { await failure { _ = try await victim.execute(Sleep(seconds: 4)) } }
            try await Database.eventually {
                try await other.execute(CountSessions(application: "loss-victim")).first?.active == 1
            }
            let before = await victim.owedCount
            let add = Add(left: 1, right: 1)
            for _ in 0..<50 { group.addTask { await failure { _ = try await victim.transact(add, add) } } }
            try await Database.eventually { await victim.owedCount == before + 50 * 3 }
            #expect(try await other.execute(Terminate(application: "loss-victim")) == [1])
            var errors: [PostgresError?] = []
            for try await error in group { errors.append(error) }
            return errors
        }
        #expect(errors.count == 51)
        for error in errors { #expect(error?.isUncertain == true, "\(String(describing: error))") }
        await victim.untilEnd()
        #expect(await !victim.isOpen)
        let later = try await Database.failure { _ = try await victim.execute(Add(left: 1, right: 1)) }
        guard case .connection(let reason) = later else { Issue.record("\(later)"); return }
        #expect(reason.contains("57P01") || reason.contains("terminat"))
        await other.close()
    }

    @Test func anIdleSessionLearnsOfItsEnd() async throws {
        let victim = try await Database.connect(application: "idle-victim")
        let other = try await Database.connect()
        async let end: Void = victim.untilEnd()
        #expect(try await other.execute(Terminate(application: "idle-victim")) == [1])
        await end
        #expect(await !victim.isOpen)
        await other.close()
    }

    @Test func closingASessionFailsWhatItOwes() async throws {
        let connection = try await Database.connect()
        async let sleeping = connection.execute(Sleep(seconds: 4))
        try await Database.eventually { await connection.owedCount > 0 }
        await connection.close()
        do {
            _ = try await sleeping
            Issue.record("it was answered")
        } catch let error as PostgresError { #expect(error == .lost("closed")) }
        await connection.close()  // again: harmless
    }

    @Test func aServerThatHangsIsGivenUp() async throws {
        var configuration = try Database.configuration()
        configuration.answerLimit = .milliseconds(100)
        let connection = try await PostgresConnection.connect(configuration, on: Database.reactor)
        for _ in 0..<3 { #expect(try await connection.execute(Add(left: 1, right: 1)) == [2]) }
        let error = try await Database.failure { _ = try await connection.execute(Sleep(seconds: 4)) }
        guard case .lost(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.hasPrefix("no answer within"))
    }

    @Test func aStatementWhoseTaskIsCancelledIsStillCarriedOut() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: makeThings)
        let task = Task {
            _ = try await connection.execute(Sleep(seconds: 0.05))
            return try await connection.execute(InsertThing(number: 1))
        }
        try await Database.eventually { await connection.owedCount > 0 }
        task.cancel()
        _ = try await task.value
        #expect(try await connection.execute(Things()) == [1])
        await connection.close()
    }

    @Test func timeLimitsOfTheServerAreErrorsOfTheStatementAlone() async throws {
        let configuration = try Database.configuration(settings: ["statement_timeout": "50ms"])
        let connection = try await PostgresConnection.connect(configuration, on: Database.reactor)
        let error = try await Database.failure { _ = try await connection.execute(Sleep(seconds: 4)) }
        #expect(error.sqlState == .queryCanceled)
        #expect(error.isRetryable)
        #expect(try await connection.execute(Add(left: 1, right: 1)) == [2])
        await connection.close()
    }
}
