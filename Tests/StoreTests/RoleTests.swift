import Foundation
import Postgres
import Testing
import TestSupport

@testable import Store

@Suite struct RoleTests {
    private struct FindVerifier: Statement {
        static let sql = "SELECT rolpassword FROM pg_authid WHERE rolname = $1"
        let role: String
        func bind(_ parameters: inout Parameters) { parameters.append(role) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String? { try row.optional(0) }
    }

    @Test("Our verifier of a password is the server's own")
    func verifier() async throws {
        try await withDatabase { database in
            let role = "martlet_test_role_" + String(UInt32.random(in: .min ... .max))
            let session = try await database.connect()
            try await session.run(script: "SET password_encryption = 'scram-sha-256'")
            try await session.run(script: "CREATE ROLE \(role) PASSWORD 'Correct horse 1~'")
            let theirs = try #require(try await session.execute(FindVerifier(role: role)).first ?? nil)
            try await session.run(script: "DROP ROLE \(role)")
            let salt = try #require(theirs.split(separator: "$").dropFirst().first?.split(separator: ":").last)
            let bytes = try #require(Data(base64Encoded: String(salt)))
            #expect(SCRAMVerifier(password: "Correct horse 1~", salt: Array(bytes)).text == theirs)
            #expect(SCRAMVerifier(password: "other", salt: Array(bytes)).text != theirs)
            await session.close()
        }
    }

    @Test("A password that is no ASCII is refused before anything is sent", arguments: ["", "å", "a\nb"])
    func strange(password: String) async throws {
        try await withDatabase { database in
            let session = try await database.connect()
            await #expect(throws: PostgresError.self) { try await session.setPassword(password, of: .api) }
            await session.close()
        }
    }

    @Test("Each service logs in as itself", arguments: ServiceRole.allCases)
    func login(role: ServiceRole) async throws {
        try await withPool(as: role) { pool, _ in
            let names = try await pool.execute(WhoAmI())
            #expect(names == [role.rawValue])
        }
    }

    private struct WhoAmI: Statement {
        static let sql = "SELECT session_user::text"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
    }
}
