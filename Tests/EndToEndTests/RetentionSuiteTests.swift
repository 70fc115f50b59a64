import Foundation
import Synchronization
import Testing
import struct TestSupport.Program

@testable import CommandLineTool

extension EndToEnd {
    /// Old days go while producers post: nobody is refused, nothing is lost.
    @Suite struct RetentionTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        /// A producer that posts on and on.
        private final class Producer: Sendable {
            private let caller: Caller
            private let accepted = Mutex<Set<String>>([])
            private let refused = Mutex(0)
            private let isDone = Mutex(false)

            init(_ caller: Caller) { self.caller = caller }

            var events: Set<String> { accepted.withLock(\.self) }
            var refusals: Int { refused.withLock(\.self) }

            func run() async throws {
                while !isDone.withLock(\.self), !Task.isCancelled {
                    if let event = try await caller.post(order: 1) {
                        accepted.withLock { _ = $0.insert(event.id) }
                    } else {
                        refused.withLock { $0 += 1 }
                    }
                }
            }

            func end() { isDone.withLock { $0 = true } }
        }

        /// Days past retention, each with so many events and invocations of the tenant's webhook.
        private func makeOldDays(_ ages: ClosedRange<Int>, rows: Int, of tenant: String) async throws {
            for age in ages {
                _ = try await stack.query(
                    """
                    SET search_path = martlet;
                    SELECT ensure_partition(p, (now() AT TIME ZONE 'UTC')::date - \(age))
                      FROM unnest(ARRAY['events', 'event_keys', 'invocations', 'delivery_stats']) p;
                    CREATE TEMP TABLE old AS
                    SELECT t.shard, t.id AS tenant, w.id AS webhook, g,
                           (left(ulid_floor(d.noon)::text, 13) || substr(md5(g::text), 1, 20))::uuid AS event, d.noon
                      FROM tenants t JOIN webhooks w ON w.tenant_id = t.id,
                           (SELECT date_trunc('day', now(), 'UTC') - interval '\(age * 24 - 12) hours' AS noon) d,
                           generate_series(1, \(rows)) g WHERE t.identifier = '\(tenant)';
                    INSERT INTO events (shard, tenant_id, id, event_type, data)
                    SELECT shard, tenant, event, 'order-created', '\\x007b7d' FROM old;
                    INSERT INTO invocations (shard, webhook_id, id, tenant_id, event_id, started_at, duration_ms,
                           attempt, outcome, trigger, is_final, event_type)
                    SELECT shard, webhook, event, tenant, event, noon, 5, 1, 0, 0, true, 'order-created' FROM old;
                    INSERT INTO delivery_stats (shard, webhook_id, minute, tenant_id, succeeded)
                    SELECT shard, webhook, noon, tenant, \(rows) FROM old LIMIT 1
                    """)
            }
        }

        private static let countOldDays = """
            SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE c.relnamespace = 'martlet'::regnamespace AND c.relname ~ '_[0-9]{8}$'
               AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - 32
            """

        /// Until the days are gone that retention does not keep.
        private func daysGo() async throws -> Bool {
            try await Deadline.wait(for: .seconds(120)) { try await stack.query(Self.countOldDays) == "0" }
        }

        @Test func daysGoUnderTrafficAndNobodyIsRefused() async throws {
            let quiet = try await Caller.newTenant(of: stack)
            _ = try await quiet.makeWebhook(to: "http://127.0.0.1:9/")
            try await makeOldDays(40...44, rows: 20_000, of: quiet.tenant)
            #expect(try await stack.query(Self.countOldDays) == "20")
            try await Inbox.open { [self] inbox, url in
                let caller = try await Caller.newTenant(of: stack)
                _ = try await caller.makeWebhook(to: url, more: #""maxConcurrency":32"#)
                let producer = Producer(caller)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { try await producer.run() } }
                    // A report that reads for seconds holds the locks that a drop needs.
                    group.addTask { [stack] in
                        _ = try await stack.query(
                            "BEGIN; SELECT count(*) FROM martlet.invocations; SELECT pg_sleep(3); COMMIT")
                    }
                    let isFlowing = try await inbox.receives(1, within: .seconds(30))
                    #expect(isFlowing)
                    let before = producer.events.count
                    try await stack.withProcess(of: .metrics, name: "retention", port: try StackPorts.free()) {
                        let areGone = try await daysGo()
                        #expect(areGone)
                    }
                    #expect(producer.events.count > before, "events came all the while")
                    producer.end()
                    try await group.waitForAll()
                }
                #expect(producer.refusals == 0)
                #expect(try await inbox.receives(producer.events.count, within: .seconds(60)))
                #expect(inbox.messages == producer.events)
            }
            let kept = """
                SELECT count(*) FROM martlet.invocations_kept k JOIN martlet.tenants t ON t.id = k.tenant_id
                 WHERE t.identifier = '\(quiet.tenant)'
                """
            #expect(try await stack.query(kept) == "50")
        }
    }
}
