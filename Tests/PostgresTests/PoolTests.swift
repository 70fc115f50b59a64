import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct PoolTests {
    @Test func twentyThousandStatementsShareFewSessions() async throws {
        try await Database.withPool(application: "many") { configuration in
            configuration.maximumWaiting = 20_000
            configuration.waitLimit = .seconds(60)
            configuration.maximumSessions = 4
        } _: { pool in
            let total = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<20_000 {
                    group.addTask { try await pool.execute(Add(left: Int64(number), right: 1))[0] }
                }
                return try await group.reduce(0, +)
            }
            #expect(total == (1...20_000).reduce(0, +))
            let sessions = try #require(try await pool.execute(CountSessions(application: "many")).first)
            #expect(sessions.all > 1 && sessions.all <= 4)
        }
    }

    @Test func aFullQueueIsBusyAndALongWaitTimesOut() async throws {
        try await Database.withPool { configuration in
            configuration.maximumSessions = 1
            configuration.maximumWaiting = 1
            configuration.waitLimit = .milliseconds(50)
        } _: { pool in
            try await Database.eventually { pool.isReachable }
            try await pool.withConnection { _ in
                async let first = Database.failure { _ = try await pool.execute(Add(left: 1, right: 1)) }
                async let second = Database.failure { _ = try await pool.transact(Add(left: 1, right: 1)) }
                let errors = try await [first, second]
                #expect(errors.contains(.busy) && errors.contains(.timedOut))
            }
            #expect(try await pool.execute(Add(left: 1, right: 1)) == [2])
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        try await Database.withPool {
            $0.maximumSessions = 1
        } _: { pool in
            try await pool.withConnection { _ in
                let task = Task { try await pool.execute(Add(left: 1, right: 1)) }
                task.cancel()
                let error = try await Database.failure { _ = try await task.value }
                #expect(error == .cancelled)
            }
            #expect(try await pool.execute(Add(left: 1, right: 1)) == [2])
        }
    }

    @Test func aLeaseLeftInATransactionIsRolledBack() async throws {
        try await Database.withPool {
            $0.maximumSessions = 1
        } _: { pool in
            let first = try await pool.withConnection { connection in
                try await connection.run(script: "BEGIN")
                return connection.processID
            }
            let second = try await pool.withConnection { $0.processID }
            let third = try await pool.withConnection { $0.processID }
            #expect(first != second && second == third)
        }
    }

    @Test func errorsOfTheBodyComeThroughAndGiveTheSessionBack() async throws {
        try await Database.withPool {
            $0.maximumSessions = 1
        } _: { pool in
            for _ in 0..<5 {
                await #expect(throws: CancellationError.self) {
                    try await pool.withConnection { _ in throw CancellationError() }
                }
            }
            let error = try await Database.failure {
                _ = try await pool.transact(DivideByZero(), Add(left: 1, right: 1))
            }
            #expect(error.sqlState == "22012")
            let (_, sum) = try await pool.transact(Add?.none, Add(left: 1, right: 1))
            #expect(sum == [2])
            #expect(try await pool.transact(all: [Add(left: 1, right: 1)]) == [[2]])
        }
    }

    @Test func sessionsThatDieAreReplaced() async throws {
        let other = try await Database.connect()
        try await Database.withPool(application: "replaced") { pool in
            try await pool.check()
            #expect(pool.isReachable)
            for _ in 0..<5 {
                async let sleeping = Database.failure { _ = try await pool.execute(Sleep(seconds: 4)) }
                try await Database.eventually {
                    try await other.execute(CountSessions(application: "replaced")).first?.active == 1
                }
                _ = try await other.execute(Terminate(application: "replaced"))
                #expect(try await sleeping.isUncertain)
                // Another session that was ended may still take a statement to its grave.
                try await Database.eventually { (try? await pool.execute(Add(left: 1, right: 1))) == [2] }
            }
        }
        await other.close()
    }

    @Test func anUnreachableDatabaseFailsInTimeWithTheReason() async throws {
        var configuration = try PostgresConfiguration(url: "postgres://u:hush@127.0.0.1:1/d", applicationName: "away")
        configuration.waitLimit = .milliseconds(50)
        let pool = PostgresPool(configuration, on: Database.reactor, logger: Database.logger)
        let error = try await Database.failure { try await pool.check() }
        guard case .connection(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.contains("refused") && !reason.contains("hush"))
        #expect(!pool.isReachable)
        await pool.close()
    }

    @Test func closingFinishesWhatRunsAndRefusesWhatComes() async throws {
        let pool = PostgresPool(try Database.configuration(), on: Database.reactor, logger: Database.logger)
        async let sleeping = pool.execute(Sleep(seconds: 0.1))
        async let listening = pool.listen(to: "closing")
        let notifications = try await listening
        try await Database.eventually { pool.isReachable }
        await pool.close()
        #expect(try await sleeping == ["done"])
        let error = try await Database.failure { try await pool.check() }
        #expect(error == .connection("the pool is closed"))
        await #expect(throws: PostgresError.lost("closed")) { for try await _ in notifications {} }
        await pool.close()  // again: harmless
    }
}
