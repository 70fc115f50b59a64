import HTTPTypes
import Postgres
import Store
import Tenancy
import Testing
import Webhooks

@testable import IngesterService

@Suite("A tenant's own event types, and its rate")
struct TenantTypeTests {
    private static func create(_ name: String, _ fixture: Fixture) async throws {
        let type = try #require(EventType(openName: name))
        _ = try await fixture.owner.transact(
            SetTenantContext(tenant: fixture.tenant.id),
            CreateEventType(tenant: fixture.tenant.id, type: type, schema: nil, example: nil, limit: 10))
    }

    @Test("A type counts from the answer that made it to the one that deleted it, however warm the directory is")
    func types() async throws {
        try await withIngester { ingester, fixture, _ in
            let body = #"{"type":"gift-card-redeemed","data":{"id":"g1"}}"#
            let early = try await ingester.post(body)
            #expect(early.status == 422 && early.fields == ["type"])
            try await Self.create("gift-card-redeemed", fixture)
            try await fixture.subscribe("gift-*")
            let taken = try await ingester.post(body)
            #expect(taken.status == 202 && taken.deliveries == 1)
            let mixed = try await ingester.post("[\(body),\(body.replacing("redeemed", with: "lost"))]")
            #expect(mixed.status == 422 && mixed.fields == ["[1].type"])
            _ = try await fixture.owner.transact(
                SetTenantContext(tenant: fixture.tenant.id),
                DeleteEventType(tenant: fixture.tenant.id, name: "gift-card-redeemed"))
            // The commit finds the directory stale, and what was read by it too.
            let late = try await ingester.post(body)
            #expect(late.status == 422 && late.fields == ["type"])
            #expect(try await ingester.post(#"{"type":"order-created","data":{}}"#).status == 202)
        }
    }

    @Test("Events a second: at the limit all goes, above it 429 with what the draft's headers tell")
    func rates() async throws {
        var settings = TenantSettings()
        settings.rateLimits = .init(eventsPerSecond: 2)
        try await withIngester(tenant: settings) { ingester, fixture, _ in
            let event = #"{"type":"order-created","data":{}}"#
            let first = try await ingester.post("[\(event),\(event)]")
            #expect(first.status == 202 && first.headers[.rateLimitPolicy] == #""events";q=2;w=1"#)
            // A list above the limit goes when the bucket is full, and leaves a debt of 50 s.
            let isTaken = try await eventually {
                try await ingester.post("[" + [String](repeating: event, count: 102).joined(separator: ",") + "]")
                    .status == 202
            }
            #expect(isTaken)
            let refused = try await ingester.post(event)
            #expect(refused.status == 429 && refused.code == "too_many_requests")
            #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { (40...51).contains($0) } == true)
            #expect(refused.headers[.rateLimit]?.hasPrefix(#""events";r=0;t="#) == true)
            #expect(try await fixture.count(.events) == 104)
        }
    }
}
