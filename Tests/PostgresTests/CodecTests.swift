import Postgres
import Testing

@Suite(.timeLimit(.minutes(1))) struct CodecTests {
    /// Sends a value and reads it back, beside the text that the server shows for it.
    private func roundTrip<Value: PostgresCodable & Sendable>(
        _ value: Value?, _ connection: PostgresConnection
    ) async throws -> (value: Value?, text: String?) {
        try #require(try await connection.execute(Echo<Value>(value: value)).first)
    }

    private struct Echo<Value: PostgresCodable & Sendable>: Statement {
        static var sql: String { "SELECT $1, $1::text" }
        let value: Value?
        func bind(_ parameters: inout Parameters) { parameters.append(value) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> (value: Value?, text: String?) {
            (try row.optional(0), try row.optional(1))
        }
    }

    private func check<Value: PostgresCodable & Sendable & Equatable>(
        _ values: [(Value, String)], _ connection: PostgresConnection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for (value, text) in values {
            let back = try await roundTrip(value, connection)
            #expect(back.value == value, sourceLocation: sourceLocation)
            #expect(back.text == text, sourceLocation: sourceLocation)
        }
        let null = try await roundTrip(Value?.none, connection)
        #expect(null.value == nil && null.text == nil, sourceLocation: sourceLocation)
    }

    @Test func scalarsComeBackAsTheyWent() async throws {
        let connection = try await Database.connect()
        try await check([(true, "true"), (false, "false")], connection)
        try await check([(Int16.min, "-32768"), (.max, "32767"), (1, "1")], connection)
        try await check([(Int32.min, "-2147483648"), (.max, "2147483647")], connection)
        try await check([(Int64.min, "-9223372036854775808"), (.max, "9223372036854775807")], connection)
        try await check([(-1, "-1")], connection)
        try await check(
            [(1.5, "1.5"), (-Double.infinity, "-Infinity"), (Double.leastNonzeroMagnitude, "5e-324")], connection)
        try await check([(Float(0.25), "0.25"), (.infinity, "Infinity")], connection)
        try await check([("", ""), ("Bård 🐦\u{1}\n\"'\\", "Bård 🐦\u{1}\n\"'\\")], connection)
        try await check([([UInt8](), "\\x"), ([0, 1, 255], "\\x0001ff")], connection)
        try await check(
            [(PostgresUUID(0x0123_4567_89AB_CDEF_0011_2233_4455_66FF), "01234567-89ab-cdef-0011-2233445566ff")],
            connection)
        try await check([(PostgresTransactionID(.max), "18446744073709551615")], connection)
        try await check([(PostgresJSON(#"{"a": [1, null]}"#), #"{"a": [1, null]}"#)], connection)
        await connection.close()
    }

    @Test func timesReachFromInfinityToInfinity() async throws {
        let connection = try await Database.connect()
        try await check(
            [
                (PostgresTimestamp(microseconds: 0), "1970-01-01 00:00:00+00"),
                (PostgresTimestamp(microseconds: 946_684_800_000_001), "2000-01-01 00:00:00.000001+00"),
                (PostgresTimestamp(microseconds: -1), "1969-12-31 23:59:59.999999+00"),
                (.infinity, "infinity"), (.negativeInfinity, "-infinity"),
            ], connection)
        try await check(
            [
                (PostgresDate(days: 0), "1970-01-01"), (PostgresDate(days: 20_000), "2024-10-04"),
                (.infinity, "infinity"), (.negativeInfinity, "-infinity"),
            ], connection)
        let early = try await roundTrip(PostgresTimestamp(microseconds: .min + 5), connection)
        #expect(early.text == "-infinity")
        await connection.close()
    }

    private struct EchoArrays<Element: PostgresCodable & Sendable>: Statement {
        static var sql: String { "SELECT $1, $2, $1::text, $2::text" }
        let plain: [Element]?
        let sparse: [Element?]?
        func bind(_ parameters: inout Parameters) {
            parameters.append(plain)
            parameters.append(sparse)
        }
        struct Row: Sendable {
            let plain: [Element]?
            let sparse: [Element?]?
            let text: [String?]
        }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
            Row(
                plain: try row.optional(0), sparse: try row.optional(1),
                text: [try row.optional(2), try row.optional(3)])
        }
    }

    private func checkArrays<Element: PostgresCodable & Sendable & Equatable>(
        _ values: [Element], text: String, _ connection: PostgresConnection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let sparse = values.map(Optional.some) + [nil]
        let row = try #require(try await connection.execute(EchoArrays(plain: values, sparse: sparse)).first)
        #expect(row.plain == values && row.sparse == sparse, sourceLocation: sourceLocation)
        #expect(row.text[0] == text, sourceLocation: sourceLocation)
        let nulls = try #require(try await connection.execute(EchoArrays<Element>(plain: nil, sparse: nil)).first)
        #expect(nulls.plain == nil && nulls.sparse == nil, sourceLocation: sourceLocation)
        let empty = try #require(try await connection.execute(EchoArrays<Element>(plain: [], sparse: [])).first)
        #expect(empty.plain == [] && empty.sparse == [], sourceLocation: sourceLocation)
        #expect(empty.text == ["{}", "{}"], sourceLocation: sourceLocation)
    }

    @Test func arraysComeBackAsTheyWent() async throws {
        let connection = try await Database.connect()
        try await checkArrays([true, false], text: "{t,f}", connection)
        try await checkArrays([Int16(1), -2], text: "{1,-2}", connection)
        try await checkArrays([Int32(1), -2], text: "{1,-2}", connection)
        try await checkArrays([Int64(1), .max], text: "{1,9223372036854775807}", connection)
        try await checkArrays([0.5], text: "{0.5}", connection)
        try await checkArrays([Float(0.5)], text: "{0.5}", connection)
        try await checkArrays(["", "a,b", "NULL"], text: #"{"","a,b","NULL"}"#, connection)
        try await checkArrays([[UInt8](), [1]], text: #"{"\\x","\\x01"}"#, connection)
        try await checkArrays([PostgresUUID(1)], text: "{00000000-0000-0000-0000-000000000001}", connection)
        try await checkArrays([PostgresTimestamp.infinity], text: "{infinity}", connection)
        try await checkArrays([PostgresDate(days: 0)], text: "{1970-01-01}", connection)
        try await checkArrays([PostgresJSON("[1]")], text: "{[1]}", connection)
        try await checkArrays([PostgresTransactionID(7)], text: "{7}", connection)
        await connection.close()
    }
}
