import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Tenants are told of webhooks that fail, once, and once that they work again, whoever owns the shard.
@Suite struct AlertTests {
    @Test func aTenantIsToldOnceOfEachChange() async throws {
        try await Stage.run { stage in
            let isWell = Mutex(false)
            let receiver = try TestReceiver { request in
                request.target == "/told" || isWell.withLock { $0 } ? .ok : .status(500)
            }
            let failing = try await stage.webhook(receiver.url("/bad")) {
                $0.retry = RetryPolicy(maxAttempts: 20, schedule: [1])
                $0.events = ["order-created", "webhook-failing"]
            }
            let told = try await stage.webhook(receiver.url("/told")) {
                $0.events = ["webhook-failing", "webhook-recovered"]
            }
            try await stage.accept(12, for: failing)
            func messages() -> [String] {
                receiver.requests.filter { $0.target == "/told" }.compactMap { $0.header("x-martlet-event") }
            }
            try await stage.withWorker {
                try await stage.wait(.seconds(60)) { messages() == ["webhook-failing"] }
                // Else the next owner would send the same one again.
                try await stage.wait { try await stage.recorded(told).count == 1 }
            }
            #expect(try await stage.recorded(told).map(\.outcome).allSatisfy { $0 == .succeeded })
            let body = String(decoding: receiver.requests.last { $0.target == "/told" }?.body ?? [], as: UTF8.self)
            #expect(
                body.contains(failing.description) && body.contains(#""reasons":["consecutive_failures""#), "\(body)")
            // The next owner knows what was told; its receiver works again.
            isWell.withLock { $0 = true }
            try await anHourPasses(on: stage)
            try await stage.withWorker {
                try await stage.accept(20, for: failing)
                try await stage.wait(.seconds(60)) { messages().count > 1 }
                #expect(messages() == ["webhook-failing", "webhook-recovered"])
            }
            let alerts = try await stage.pool.execute(CountAlerts())
            #expect(alerts == [0])
        }
    }

    @Test func whatWasToldIsNotToldAgain() async throws {
        try await Stage.run { stage in
            let id = try await stage.webhook("https://example.com/")
            let webhook = try #require(try await stage.pool.execute(FindWebhooks(ids: [id])).first)
            _ = try await stage.pool.execute(SaveWebhookAlert(of: webhook, level: 1))
            await #expect(throws: PostgresError.self) {
                _ = try await stage.pool.execute(SaveWebhookAlert(of: webhook, level: 1))
            }
            _ = try await stage.pool.execute(SaveWebhookAlert(of: webhook, level: 2))
            await #expect(throws: PostgresError.self) {
                _ = try await stage.pool.execute(SaveWebhookAlert(of: webhook, level: 1))
            }
            _ = try await stage.pool.execute(DeleteWebhookAlert(of: webhook))
            await #expect(throws: PostgresError.self) { try await stage.pool.execute(DeleteWebhookAlert(of: webhook)) }
        }
    }

    /// History and its counters are of an hour ago; a new owner counts the last minutes again from history, so both go.
    private func anHourPasses(on stage: Stage) async throws {
        try await stage.database.run(
            """
            DELETE FROM martlet.invocations;
            DELETE FROM martlet.delivery_stats;
            UPDATE martlet.lane_states SET paused_until = paused_until - interval '1 hour';
            UPDATE martlet.webhook_alerts SET told_at = told_at - interval '1 hour'
            """)
    }

    private struct CountAlerts: Statement {
        static let sql = "SELECT count(*) FROM webhook_alerts"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
    }
}
