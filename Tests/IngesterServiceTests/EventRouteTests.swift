import Foundation
import Hosting
import HTTPTypes
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

@Suite struct EventRouteTests {
    private static let order = #"{"type":"order-created","data":{"id":"o1","name":"Bård","price":10.1125}}"#

    @Test func anEventIsStoredWithItsDeliveries() async throws {
        try await withIngester { ingester, fixture, _ in
            let first = try await fixture.subscribe("order-created")
            let second = try await fixture.subscribe("order-*", ordering: .resource)
            try await fixture.subscribe("product-*")
            let answer = try await ingester.post(
                Self.order,
                headers: [
                    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                    ("tracestate", "a=1, b=2"),
                ])
            #expect(answer.status == 202 && answer.isDuplicate == false && answer.deliveries == 2)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.xRequestID]?.isEmpty == false)
            let id = try #require(answer.id.flatMap { Event.ID($0) })
            let key = EventKey(shard: fixture.tenant.shard, tenantID: fixture.tenant.id, id: id)
            let event = try #require(try await fixture.owner.execute(FindEvents([key])).first)
            #expect(event.type == "order-created" && event.resourceID == "o1" && event.related == nil)
            #expect(String(decoding: event.data, as: UTF8.self) == #"{"id":"o1","name":"Bård","price":10.1125}"#)
            #expect(event.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            #expect(event.tracestate == "a=1,b=2")
            let rows = try await fixture.owner.execute(OwedWebhooks())
            #expect(Set(rows.map(\.webhook)) == [first, second])
            #expect(rows.allSatisfy { ($0.orderKey != nil) == ($0.webhook == second) })
            #expect(try await fixture.count(.wakes) == 1)
            #expect(try await fixture.count(.keys) == 0)
        }
    }

    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let posted: [(headers: [(String, String)], traceparent: String?, tracestate: String?)] = [
        ([("traceparent", "nonsense"), ("tracestate", "a=1")], nil, nil), ([("tracestate", "a=1")], nil, nil),
        ([("traceparent", parent), ("tracestate", "A=1")], parent, nil),
        ([("traceparent", parent), ("traceparent", parent)], nil, nil),
        ([("traceparent", parent), ("tracestate", "a=1"), ("tracestate", "b=2")], parent, "a=1,b=2"),
    ]

    @Test("What is no trace is ignored, and its state with it", arguments: posted)
    func traces(headers: [(String, String)], traceparent: String?, tracestate: String?) async throws {
        try await withIngester { ingester, fixture, _ in
            let answer = try await ingester.post(Self.order, headers: headers)
            #expect(answer.status == 202)
            let id = try #require(answer.id.flatMap { Event.ID($0) })
            let key = EventKey(shard: fixture.tenant.shard, tenantID: fixture.tenant.id, id: id)
            let event = try #require(try await fixture.owner.execute(FindEvents([key])).first)
            #expect(event.traceparent == traceparent && event.tracestate == tracestate)
        }
    }

    @Test func anAPIKeyIsAsGoodAsAToken() async throws {
        try await withIngester { ingester, fixture, _ in
            func key(_ permissions: String) async throws -> String {
                let text = APIKeyText()
                let key = APIKey(
                    tenantID: fixture.tenant.id, name: "k", permissions: [permissions], hint: "", createdBy: nil)
                _ = try await fixture.owner.execute(CreateAPIKey(key, digest: text.digest))
                return text.text
            }
            let good = try await key("events:write")
            for _ in 0..<2 { #expect(try await ingester.post(Self.order, token: good).status == 202) }
            #expect(try await ingester.post(Self.order, to: "other", token: good).status == 403)
            #expect(try await ingester.post(Self.order, token: try await key("events:read")).status == 403)
            #expect(try await ingester.post(Self.order, token: APIKeyText().text).status == 401)
        }
    }

    @Test func listsAndLines() async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*")
            let list = try await ingester.post("[\(Self.order),\(Self.order)]")
            #expect(list.status == 202 && list.events.count == 2)
            let lines = try await ingester.post(
                Self.order + "\n" + Self.order + "\n", type: "application/x-ndjson; charset=utf-8")
            #expect(lines.status == 202 && lines.ids.count == 2)
            #expect(Set(list.ids + lines.ids).count == 4)
            #expect(try await fixture.count(.events) == 4)
            #expect(try await fixture.count(.deliveries) == 4)
        }
    }

    @Test func theSampleOrderComesThroughIntact() async throws {
        try await withIngester { ingester, fixture, _ in
            let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../samples/order-created.json")
            let answer = try await ingester.post(try String(contentsOf: url, encoding: .utf8))
            let id = try #require(answer.id.flatMap { Event.ID($0) })
            let key = EventKey(shard: fixture.tenant.shard, tenantID: fixture.tenant.id, id: id)
            let event = try #require(try await fixture.owner.execute(FindEvents([key])).first)
            let data = String(decoding: event.data, as: UTF8.self)
            #expect(data.contains(#""firstName":"Bård""#) && data.contains("10.1125"))
            #expect(event.resourceID == "68e4fe1da9733a66efd88673")
            #expect(event.occurredAt == Instant(rfc3339: "2025-10-07T11:48:45.000Z"))
        }
    }

    @Test func whoMayPost() async throws {
        try await withIngester { ingester, fixture, _ in
            #expect(try await ingester.post(Self.order, token: nil).status == 401)
            #expect(try await ingester.post(Self.order, token: "forged.token.here").status == 401)
            #expect(try await ingester.post(Self.order, to: "").status == 400)
            let other = try RunningIngester.token(tenants: ["other"])
            #expect(try await ingester.post(Self.order, token: other).status == 403)
            #expect(try await ingester.post(Self.order, to: "nobody").status == 403)
            let reader = try RunningIngester.token(permissions: [.eventsRead, .webhooksWrite])
            #expect(try await ingester.post(Self.order, token: reader).status == 403)
            #expect(try await ingester.post(Self.order).status == 202)
            #expect(try await fixture.count(.events) == 1)
        }
    }

    @Test func whatIsRefused() async throws {
        try await withIngester { ingester, fixture, _ in
            for type in [nil, "text/plain", "application/xml", "application/json; charset=latin1"] {
                #expect(try await ingester.post(Self.order, type: type).status == 415)
            }
            #expect(try await ingester.post("{").status == 400)
            #expect(try await ingester.post("{").body?.member("detail")?.string?.contains("byte 1") == true)
            let faulty = try await ingester.post(#"[\#(Self.order),{"type":"nope","data":1,"x":2}]"#)
            #expect(faulty.status == 422 && faulty.fields == ["[1].type", "[1].data", "[1].x"])
            #expect(faulty.headers[.contentType] == "application/problem+json")
            #expect(faulty.headers[.xRequestID] == faulty.body?.member("requestId")?.string)
            #expect(try await ingester.post(#"{"type":"order-created","data":{"a":"\u0000"}}"#).status == 422)
            let large = #"{"type":"order-created","data":{"a":"\#(String(repeating: "x", count: 256 << 10))"}}"#
            #expect(try await ingester.post(large).status == 413)
            #expect(try await ingester.post(String(repeating: " ", count: 5 << 20 | 1)).status == 413)
            let longKey = String(repeating: "k", count: 257)
            #expect(try await ingester.post(Self.order, headers: [("Idempotency-Key", longKey)]).status == 400)
            #expect(try await fixture.count(.events) == 0)
            let metrics = try await ingester.scrape()
            #expect(metrics.contains(#"martlet_ingest_rejected_total{code="invalid"} 2"#))
            #expect(metrics.contains(#"martlet_ingest_rejected_total{code="unsupported_media_type"} 4"#))
        }
    }

    @Test func anOpenCatalogue() async throws {
        var settings = TenantSettings()
        settings.eventCatalogue = .open
        try await withIngester(tenant: settings) { ingester, fixture, _ in
            try await fixture.subscribe("gift-*")
            let answer = try await ingester.post(#"{"type":"gift-card-created","data":{}}"#)
            #expect(answer.status == 202 && answer.deliveries == 1)
            #expect(try await ingester.post(#"{"type":"webhook-disabled","data":{}}"#).status == 422)
        }
    }

    @Test func aWebhookCountsFromTheAnswerThatItExists() async throws {
        try await withIngester { ingester, fixture, _ in
            #expect(try await ingester.post(Self.order).deliveries == 0)
            for expected in 1...5 {
                try await fixture.subscribe("order-created")
                #expect(try await ingester.post(Self.order).deliveries == Int64(expected))
            }
            let webhook = try await fixture.subscribe("order-created")
            _ = try await fixture.owner.transact(
                SetTenantContext(tenant: fixture.tenant.id), DeleteWebhook(id: webhook, tenant: fixture.tenant.id))
            #expect(try await ingester.post(Self.order).deliveries == 5)
        }
    }

    @Test func aDeletedTenantIsNoTenant() async throws {
        try await withIngester { ingester, fixture, _ in
            #expect(try await ingester.post(Self.order).status == 202)
            _ = try await fixture.owner.execute(DeleteTenant(id: fixture.tenant.id))
            #expect(try await ingester.post(Self.order).status == 403)
            #expect(try await fixture.count(.events) == 1)
        }
    }

    @Test func tooManyDeliveries() async throws {
        try await withIngester { ingester, fixture, database in
            try await database.run(
                """
                UPDATE martlet.tenants SET webhooks_version = webhooks_version + 1;
                INSERT INTO martlet.webhooks (id, tenant_id, shard, version, configuration)
                SELECT gen_random_uuid(), t.id, t.shard, 1, '{"events":["*"]}'
                  FROM martlet.tenants t, generate_series(1, 201);
                """)
            let list = "[" + Array(repeating: Self.order, count: 1000).joined(separator: ",") + "]"
            let answer = try await ingester.post(list)
            #expect(answer.status == 422)
            #expect(answer.body?.member("errors")?.elements.first?.member("code")?.string == "too_many_deliveries")
            #expect(try await fixture.count(.events) == 0)
            #expect(try await ingester.post(Self.order).deliveries == 201)
        }
    }
}
