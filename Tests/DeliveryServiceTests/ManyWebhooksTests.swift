import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// A tenant with a hundred thousand webhooks costs those of it that have something to do.
@Suite struct ManyWebhooksTests {
    @Test func oneThatChangesIsReadAndNotAllOthers() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url("/old"))
            try await stage.copy(webhook, times: 100_000)
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                _ = try await receiver.waitForRequests(1)
                for number in 1...3 {
                    let found = try #require(try await stage.pool.execute(FindWebhooks(ids: [webhook])).first)
                    var configuration = found.configuration
                    configuration.url = receiver.url("/new\(number)")
                    _ = try await stage.pool.execute(
                        UpdateWebhook(
                            id: webhook, tenant: stage.tenant, version: found.version, configuration: configuration))
                    // The change is known when a delivery takes the new way.
                    try await stage.wait(.seconds(60)) {
                        try await stage.accept(1, for: webhook)
                        return receiver.requests.contains { $0.target == "/new\(number)" }
                    }
                }
            }
            // Sessions tell what they read when they end.
            try await stage.wait { try await stage.pool.execute(CountWebhooksRead()).first ?? 0 > 0 }
            let read = try #require(try await stage.pool.execute(CountWebhooksRead()).first)
            #expect(read < 20_000)
        }
    }

    /// Changed webhooks come in pages; the last of them too.
    @Test func allThatChangeAtOnceAreRead() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.isEnabled = false }
            try await stage.accept(1, for: webhook)
            try await stage.copy(webhook, times: 12_000, areOwed: true)
            let other = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(1, for: other)
                _ = try await receiver.waitForRequests(1, within: .seconds(60))  // the lanes are there, and hold
                try await stage.wait { try await stage.pending() == 12_001 }
                try await stage.discardAll()
                try await stage.wait(.seconds(120)) { try await stage.pending() == 0 }
                #expect(try await stage.recorded(webhook).map(\.outcome) == [.discarded])
            }
        }
    }
}

private struct CountWebhooksRead: Statement {
    static let sql = "SELECT coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'webhooks'"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}

extension Stage {
    /// Webhooks like one that is there; each is owed that one's event, where `areOwed`.
    func copy(_ webhook: Webhook.ID, times count: Int, areOwed: Bool = false) async throws {
        let session = try await database.connect()
        try await session.run(script: "SET statement_timeout = 0")
        try await session.run(
            script: """
                INSERT INTO webhooks (version, id, tenant_id, shard, configuration)
                SELECT t.webhooks_version + n, gen_random_uuid(), t.id, t.shard,
                       (SELECT configuration FROM webhooks WHERE id = '\(webhook.uuid)')
                  FROM tenants t, generate_series(1, \(count)) n WHERE t.id = '\(tenant.uuid)';
                UPDATE tenants SET webhooks_version = webhooks_version + \(count) WHERE id = '\(tenant.uuid)';
                """)
        if areOwed {
            try await session.run(
                script: """
                    INSERT INTO deliveries (due_at, webhook_id, id, tenant_id, event_id, shard)
                    SELECT now(), w.id, gen_random_uuid(), w.tenant_id, e.id, w.shard
                      FROM webhooks w, (SELECT id FROM events LIMIT 1) e
                     WHERE w.tenant_id = '\(tenant.uuid)' AND w.id <> '\(webhook.uuid)'
                       AND w.configuration -> 'isEnabled' = 'false';
                    """)
        }
        await session.close()
    }

    /// What is owed to inactive webhooks is discarded from now on: one change of them all.
    fileprivate func discardAll() async throws {
        let session = try await database.connect()
        try await session.run(script: "SET statement_timeout = 0")
        try await session.run(
            script: """
                WITH t AS (UPDATE tenants SET webhooks_version = webhooks_version + 1 RETURNING *),
                     wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM t)
                UPDATE webhooks w SET version = t.webhooks_version,
                       configuration = jsonb_set(w.configuration, '{whenDisabled}', '"discard"')
                  FROM t WHERE w.tenant_id = t.id
                """)
        await session.close()
    }
}
