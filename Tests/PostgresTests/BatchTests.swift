import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1))) struct BatchTests {
    @Test func aBatchGivesEachStatementItsRows() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: makeThings)
        let (none, sum, things) = try await connection.transact(
            InsertThing(number: 7), Add(left: 1, right: 2), Things())
        #expect(none.isEmpty && sum == [3] && things == [7])
        let all = try await connection.transact(all: (1...3).map { Add(left: $0, right: 10) })
        #expect(all == [[11], [12], [13]])
        #expect(try await connection.transact(all: [Add]()).isEmpty)
        await connection.close()
    }

    @Test func aNilSendsNothingAndHasNoRows() async throws {
        let connection = try await Database.connect()
        let (first, second) = try await connection.transact(Add?.none, Add?.some(Add(left: 1, right: 1)))
        #expect(first == [] && second == [2])
        let (third, fourth) = try await connection.transact(Misspelt?.none, Things?.none)
        #expect(third.isEmpty && fourth.isEmpty)
        #expect(await connection.planCount == 1)  // an optional shares the plan of its statement
        _ = try await connection.execute(Add(left: 1, right: 1))
        #expect(await connection.planCount == 1)
        await connection.close()
    }

    @Test func anErrorInTheMiddleRollsAllBack() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: makeThings)
        let error = try await Database.failure {
            _ = try await connection.transact(
                InsertThing(number: 1), DivideByZero(), InsertThing(number: 2), Misspelt())
        }
        #expect(error == .server("22012", message: "division by zero"))
        #expect(error.sqlState?.isBadValue == true)
        #expect(try await connection.execute(Things()).isEmpty)
        let duplicate = try await Database.failure {
            _ = try await connection.transact(all: [5, 6, 5].map { InsertThing(number: $0) })
        }
        #expect(duplicate.sqlState == .uniqueViolation)
        #expect(try await connection.execute(Things()).isEmpty)
        await connection.close()
    }

    @Test func aPrepareThatFailsIsReportedAndTriedAgain() async throws {
        let connection = try await Database.connect()
        let error = try await Database.failure {
            _ = try await connection.transact(Add(left: 1, right: 1), Things(), InsertThing(number: 1))
        }
        #expect(error.sqlState == .undefinedTable)
        try await connection.run(script: makeThings)
        let (_, things) = try await connection.transact(InsertThing(number: 1), Things())
        #expect(things == [1])
        await connection.close()
    }

    @Test func neighboursOfAFailedPrepareAreUnharmed() async throws {
        let connection = try await Database.connect()
        let states = await withTaskGroup(of: SQLState?.self) { group in
            for number in 0..<30 {
                group.addTask {
                    do throws(PostgresError) {
                        if number % 3 == 0 {
                            _ = try await connection.execute(Add(left: 1, right: 1))
                        } else {
                            _ = try await connection.execute(Misspelt())
                        }
                        return nil
                    } catch { return error.sqlState }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(states.count { $0 == nil } == 10)
        #expect(states.count { $0 == .syntaxError } == 20)
        await connection.close()
    }

    /// In a pipeline the statements' own success comes before the commit.
    @Test func aCommitThatFailsFailsTheBatch() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: makeThings)
        try await connection.run(script: refuseThirteenAtCommit)
        let error = try await Database.failure {
            _ = try await connection.transact(InsertThing(number: 12), InsertThing(number: 13), Things())
        }
        #expect(error == .server("MA013", message: "thirteen"))
        let alone = try await Database.failure { _ = try await connection.execute(InsertThing(number: 13)) }
        #expect(alone.sqlState == "MA013")
        _ = try await connection.execute(InsertThing(number: 14))
        #expect(try await connection.execute(Things()) == [14])
        await connection.close()
    }

    private struct Widths: Statement {
        static let sql = "SELECT * FROM things"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { row.columns }
    }

    @Test func aPlanThatNoLongerFitsIsMadeAnew() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: makeThings + "; INSERT INTO things VALUES (1)")
        #expect(try await connection.execute(Widths()) == [1])
        try await connection.run(script: "ALTER TABLE things ADD COLUMN colour text")
        _ = try? await connection.execute(Widths())
        #expect(try await connection.execute(Widths()) == [2])
        try await connection.run(script: "DEALLOCATE ALL")
        _ = try? await connection.execute(Widths())
        #expect(try await connection.execute(Widths()) == [2])
        await connection.close()
    }
}
