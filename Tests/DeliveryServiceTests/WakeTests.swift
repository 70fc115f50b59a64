import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// What is new is found, whoever says so.
@Suite struct WakeTests {
    @Test func withoutANotificationAndBesideAnOpenTransaction() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let held = try await stage.webhook(receiver.url("/held")) { $0.isEnabled = false }
            let free = try await stage.webhook(receiver.url("/free"))
            try await stage.accept(1, for: held)
            try await stage.copy(held, times: 100_000, areOwed: true)
            try await stage.pool.withConnection { connection in
                _ = try await connection.execute(AllowIdling())
                _ = try await connection.execute(Begin())
                _ = try await connection.execute(TakeTransactionID())
                try await stage.withWorker {
                    try await stage.accept(1, for: free)
                    _ = try await receiver.waitForRequests(1, within: .seconds(60))
                    for _ in 0..<5 {
                        let count = receiver.requests.count
                        try await stage.accept(1, for: free, isAnnounced: false)
                        _ = try await receiver.waitForRequests(count + 1, within: .seconds(60))
                    }
                    #expect(receiver.requests.allSatisfy { $0.target == "/free" })
                }
                _ = try await connection.execute(Rollback())
            }
        }
    }
}

private struct AllowIdling: Statement {
    static let sql = "SET idle_in_transaction_session_timeout = 0"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

/// A transaction that is left open.
private struct Begin: Statement {
    static let sql = "BEGIN"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

private struct TakeTransactionID: Statement {
    static let sql = "SELECT pg_current_xact_id()::text"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

private struct Rollback: Statement {
    static let sql = "ROLLBACK"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
