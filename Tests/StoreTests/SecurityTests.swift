import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@Suite struct SecurityTests {
    /// Each table that holds a tenant's rows, and whether the API may read it at all.
    static let tables = [
        "webhooks", "webhook_secrets", "event_types", "replays", "events", "deliveries", "invocations",
        "invocations_kept", "delivery_stats", "api_keys",
    ]

    private struct Visible: Statement {
        static let sql = """
            SELECT (SELECT count(*) FROM webhooks) + (SELECT count(*) FROM webhook_secrets)
                 + (SELECT count(*) FROM events) + (SELECT count(*) FROM deliveries)
                 + (SELECT count(*) FROM invocations) + (SELECT count(*) FROM delivery_stats)
            """
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
    }

    @Test("The API sees its tenant's rows, and none without a tenant or with another one")
    func rows() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            try await world.asTenant(
                SaveWebhookSecret(webhook: webhook.id, tenant: world.tenant.id, kind: .signing, sealed: [1], hint: nil))
            let row = try await world.owe(1, to: webhook.id)[0]
            let invocation = Invocation.sample(of: row)
            var stats = DeliveryStatsRow(
                shard: world.shard, webhookID: webhook.id, tenantID: world.tenant.id,
                minute: invocation.startedAt.startOfMinute)
            stats.count(invocation)
            _ = try await world.delivery.transact(InsertInvocations([invocation]), AddDeliveryStats([stats]))
            #expect(try await world.asTenant(Visible()) == [6])
            #expect(try await world.api.execute(Visible()) == [0])
            #expect(try await world.asStranger(Visible()) == [0])
            let foreign = try await state {
                _ = try await world.asStranger(
                    SaveWebhookSecret(
                        webhook: webhook.id, tenant: world.tenant.id, kind: .signing, sealed: [2], hint: nil))
            }
            #expect(foreign == .insufficientPrivilege)
            let update = UpdateWebhook(
                id: webhook.id, tenant: world.tenant.id, version: webhook.version, configuration: webhook.configuration)
            #expect(try await world.asStranger(update).isEmpty)
            #expect(try await world.asStranger(DeleteWebhook(id: webhook.id, tenant: world.tenant.id)).isEmpty)
        }
    }

    @Test(
        "No service does what is not its own",
        arguments: [
            (ServiceRole.api, "INSERT INTO deliveries SELECT * FROM deliveries"), (.api, "SELECT * FROM lane_states"),
            (.api, "UPDATE shard_leases SET owner = NULL"), (.api, "SELECT * FROM wakes"),
            (.api, "DELETE FROM tenants"), (.api, "SELECT digest FROM api_keys"),
            (.api, "UPDATE api_keys SET name = ''"),
            (.ingester, "SELECT id FROM api_keys"), (.delivery, "SELECT * FROM use_api_key('')"),
            (.metrics, "SELECT * FROM use_api_key('')"), (.api, "SELECT digest FROM portal_sessions"),
            (.api, "SELECT digest FROM portal_links"), (.ingester, "SELECT * FROM use_portal_session('')"),
            (.delivery, "SELECT * FROM use_inspector('')"), (.metrics, "SELECT * FROM find_portal_link('')"),
            (.ingester, "SELECT end_portal_session('')"), (.api, "SELECT api_key_holds(NULL)"),
            (.metrics, "UPDATE delivery_stats SET succeeded = 0"),
            (.ingester, "SELECT signature_secret FROM tenants"), (.ingester, "SELECT * FROM webhook_secrets"),
            (.ingester, "SELECT * FROM events"), (.ingester, "DELETE FROM deliveries"),
            (.ingester, "UPDATE webhooks SET version = 0"), (.ingester, "SELECT * FROM invocations"),
            (.delivery, "INSERT INTO webhooks (id) SELECT id FROM webhooks"), (.delivery, "DELETE FROM invocations"),
            (.delivery, "UPDATE tenants SET name = ''"), (.delivery, "DELETE FROM events"),
            (.metrics, "SELECT signature_secret FROM tenants"), (.metrics, "SELECT * FROM webhook_secrets"),
            (.metrics, "SELECT data FROM events"), (.metrics, "DELETE FROM deliveries"),
            (.metrics, "SELECT request FROM invocations"), (.metrics, "SELECT request FROM invocations_kept"),
            (.metrics, "UPDATE invocations SET outcome = 0"), (.metrics, "DELETE FROM events"),
            (.delivery, "SELECT drop_partition('events', '2020-01-01')"),
            (.api, "SELECT packed_invocations(1::smallint, now(), 1)"),
            (.metrics, "CREATE TABLE t (a int)"),
        ])
    func privileges(role: ServiceRole, sql: String) async throws {
        try await withDatabase { database in
            let session = try await database.connect(as: role)
            let refused = try await state { try await session.run(script: sql) }
            #expect(refused == .insufficientPrivilege)
            await session.close()
        }
    }

    @Test("Every table with a tenant in it has row-level security")
    func policies() async throws {
        try await withPool { pool, _ in
            let unprotected = try await pool.execute(FindUnprotectedTables())
            #expect(unprotected.isEmpty)
        }
    }

    private struct FindUnprotectedTables: Statement {
        static let sql = """
            SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
             WHERE c.relnamespace = 'martlet'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND NOT c.relrowsecurity
            """
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
    }
}
