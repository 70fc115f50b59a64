import Testing

@testable import Postgres

/// What rows and parameters do with values that do not fit.
@Suite(.timeLimit(.minutes(1))) struct ReadingTests {
    private struct One<Value: PostgresDecodable & Sendable>: Statement {
        static var sql: String { "SELECT 1::int8, 1::int4, NULL::text, ARRAY[1,NULL]::int8[], ARRAY[[1,2]]::int8[]" }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Value { try row.column(0) }
    }

    private struct Column<let number: Int, Value: PostgresDecodable & Sendable>: Statement {
        static var sql: String { "SELECT 1::int8, NULL::text, ARRAY[1,NULL]::int8[], ARRAY[[1,2]]::int8[]" }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Value { try row.column(number) }
    }

    private struct ArrayColumn<let number: Int>: Statement {
        static var sql: String { "SELECT 1::int8, NULL::text, ARRAY[1,NULL]::int8[], ARRAY[[1,2]]::int8[]" }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> [Int64] { try row.column(number) }
    }

    @Test func aColumnOfAnotherTypeIsAnErrorNotGarbage() async throws {
        let connection = try await Database.connect()
        func expectNoRow<S: Statement>(_ statement: S, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let error = try await Database.failure { _ = try await connection.execute(statement) }
            guard case .decoding = error else { Issue.record("\(error)", sourceLocation: sourceLocation); return }
        }
        try await expectNoRow(Column<0, Double>())  // both have eight bytes
        try await expectNoRow(Column<0, PostgresTimestamp>())
        try await expectNoRow(Column<0, Int32>())
        try await expectNoRow(Column<0, String>())
        try await expectNoRow(Column<1, String>())  // null
        try await expectNoRow(Column<9, Int64>())  // not there
        try await expectNoRow(ArrayColumn<0>())
        try await expectNoRow(ArrayColumn<2>())  // a null in it
        try await expectNoRow(ArrayColumn<3>())  // two dimensions
        #expect(try await connection.execute(One<Int64>()) == [1])
        await connection.close()
    }

    @Test(
        "Bytes that are no array are refused, whatever they are",
        arguments: [
            [], [0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20],
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1],  // more elements than bytes
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1],  // a negative number of them
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 1],  // it ends too early
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0x80, 0, 0, 0],  // a negative length
        ] as [[UInt8]])
    func malformedArrays(bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            guard var reader = ArrayReader(bytes) else { return }
            while reader.hasNext {
                guard let element = reader.next() else { return }
                if element != nil { Issue.record("an element came out of it") }
            }
            Issue.record("it was read to its end")
        }
    }

    private struct Text: Statement {
        static let sql = "SELECT $1::text"
        let texts: [String?]
        func bind(_ parameters: inout Parameters) { parameters.append(texts) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
    }

    @Test func nulInATextIsRefusedBeforeItIsSent() async throws {
        let connection = try await Database.connect()
        let error = try await Database.failure { _ = try await connection.execute(Setting(name: "a\0b")) }
        #expect(error == .encoding("parameter $1 holds NUL (0x00) in a text"))
        let inArray = try await Database.failure { _ = try await connection.execute(Text(texts: ["fine", nil, "\0"])) }
        #expect(inArray == .encoding("parameter $1 holds NUL (0x00) in a text"))
        let inBatch = try await Database.failure {
            _ = try await connection.transact(Add(left: 1, right: 1), Setting(name: "\0"))
        }
        #expect(inBatch == .encoding("parameter $1 holds NUL (0x00) in a text"))
        #expect(try await connection.execute(Add(left: 1, right: 2)) == [3])
        await connection.close()
    }

    @Test func moreParametersThanTheProtocolTakesAreRefused() {
        var parameters = Parameters()
        for _ in 0..<65_535 { parameters.append(true) }
        #expect(parameters.failure == nil)
        parameters.append(true)
        #expect(parameters.failure == .encoding("more than 65535 parameters"))
    }
}
