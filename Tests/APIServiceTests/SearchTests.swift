import HTTPTypes
import JSON
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Searching what is much")
struct SearchTests {
    @Test("A search of the history looks at so much a page, and all pages together find each match once")
    func bounded() async throws {
        try await withAPI { api, database in
            let webhook = try await api.makeWebhook().string("id") ?? ""
            let rows = FindScanEnd.length * 5 / 2
            try await database.run(
                """
                INSERT INTO martlet.invocations (shard, webhook_id, id, tenant_id, started_at, duration_ms, attempt,
                       status, outcome, trigger, is_final, event_type)
                SELECT w.shard, w.id,
                       (left(martlet.ulid_floor(now())::text, 13) || '-8000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                       w.tenant_id, now(), 1, 1, 200, 0, 0, true,
                       CASE WHEN n % 1500 = 1 THEN 'payment-failed' ELSE 'order-created' END
                  FROM martlet.webhooks w, generate_series(1, \(rows)) n
                """)
            let list = "/company/webhooks/\(webhook)/invocations?event=payment-failed&limit=2"
            var found: [String] = []
            var pages = 0
            var cursor = ""
            repeat {
                let page = try await api.send(.get, list + cursor)
                #expect(page.status == 200, "\(page.text)")
                found += try page.ids
                pages += 1
                cursor = try page.string("nextCursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty && pages < 20
            #expect(found.count == 5 && Set(found).count == 5 && found == found.sorted().reversed())
            #expect(pages >= 3)
            let dense = try await api.send(.get, list.replacing("payment-failed", with: "order-created"))
            #expect(try dense.ids.count == 2 && dense.string("nextCursor") != nil)
        }
    }

    @Test("Events are found by type, by resource, and by both, page by page")
    func events() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let longest = String(repeating: "r", count: ListEventsOfResource.longest)
            var wanted: [String: [String]] = [:]
            for number in 0..<24 {
                let type = ["order-created", "order-updated"][number % 2]
                let resource = ["r1", "r2", longest, longest + "r"][number % 4]
                let id = Event.ID()
                try await database.transact(
                    InsertEvents([
                        EventRow(
                            shard: seed.tenant.shard, tenantID: seed.tenant.id, id: id, resourceKey: nil, type: type,
                            resourceID: resource, occurredAt: nil, traceparent: nil,
                            data: StoredPayload.encode(Array("{}".utf8)), related: nil, key: nil)
                    ]))
                for query in ["event=\(type)", "resourceId=\(resource)", "event=\(type)&resourceId=\(resource)"] {
                    wanted[query, default: []].insert("\(id)", at: 0)
                }
            }
            wanted["event=order-created"]?.append("\(seed.event)")
            wanted["event=orders-updated"] = wanted["event=order-updated"]
            for (query, ids) in wanted {
                var found: [String] = []
                var cursor = ""
                repeat {
                    let page = try await api.send(.get, "/company/events?limit=4&\(query)\(cursor)")
                    found += try page.ids
                    cursor = try page.string("nextCursor").map { "&cursor=\($0)" } ?? ""
                } while !cursor.isEmpty
                #expect(found == ids, "\(query.prefix(60))")
            }
        }
    }
}
