import HTTPTypes
import JSON
import Testing
import Webhooks

@testable import APIService

@Suite("Event types over HTTP")
struct EventTypeRouteTests {
    private static func names(_ answer: Answer) throws -> [String] {
        try answer.json.member("data")?.elements.compactMap { $0.member("name")?.string } ?? []
    }

    @Test("The catalogue is listed by name, page by page, and no type twice")
    func list() async throws {
        try await withAPI { api, _ in
            var all: [String] = []
            var cursor = ""
            repeat {
                let page = try await api.send(.get, "/company/event-types?limit=20\(cursor)")
                all += try Self.names(page)
                cursor = try page.string("nextCursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(all == EventCatalogue.standard.types.map(\.name).sorted())
            let orders = try await api.send(.get, "/company/event-types?resource=order")
            #expect(try Self.names(orders).allSatisfy { $0.hasPrefix("order-") } && !Self.names(orders).isEmpty)
            #expect(try await api.send(.get, "/company/event-types?cursor=x.order-created").status == 400)
            #expect(try await api.send(.get, "/company/event-types?limit=0").status == 400)
        }
    }

    @Test("Every type has an example, a schema that fits it, and the payload that is sent")
    func examples() async throws {
        try await withAPI { api, _ in
            for type in EventCatalogue.standard.types {
                let answer = try await api.send(.get, "/company/event-types/\(type.name)")
                #expect(try answer.string("name") == type.name)
                let example = try #require(try answer.value("example"))
                #expect(example.member("id")?.string != nil, "\(type.name)")
                let properties = try answer.value("schema.properties")?.members.map(\.name)
                #expect(properties == example.members.map(\.name), "\(type.name)")
                #expect(try answer.value("defaultPayload.data")?.compactBytes == example.compactBytes)
                #expect(try answer.string("defaultPayload.type") == type.name)
            }
            let alias = try await api.send(.get, "/company/event-types/orders-created")
            #expect(try alias.string("name") == "order-created")
            let encoded = try await api.send(.get, "/company/event-types/orders%2Dcreated")
            #expect(try encoded.string("name") == "order-created")
            #expect(try await api.send(.get, "/company/event-types/customer%2Fcreated").status == 200)
            #expect(try await api.send(.get, "/company/event-types/order%zzcreated").status == 404)
            #expect(try await api.send(.get, "/company/event-types/nothing").status == 404)
            #expect(try await api.send(.get, "/company/event-types/%20").status == 404)
        }
    }

    @Test("A tenant's own type can be subscribed to as long as it is there, by that tenant alone")
    func own() async throws {
        try await withAPI { api, _ in
            try await api.makeTenant("other")
            let refused = try await api.send(
                .post, "/company/webhooks", TestAPI.body(#""events":["gift-card-redeemed"]"#))
            #expect(try refused.faults == ["events[0] unknown_event"])
            let body =
                #"{"name":"gift-card-redeemed","description":"d","example":{"id":"g1","amount":10},"#
                + #""schema":{"type":"object"}}"#
            let made = try await api.send(.post, "/company/event-types", body)
            #expect(made.status == 201 && made.headers[.location] == "/company/event-types/gift-card-redeemed")
            #expect(try made.string("resource") == "gift-card" && made.string("event") == "redeemed")
            #expect(try made.value("own")?.bool == true && made.value("schema.type")?.string == "object")
            #expect(try made.string("defaultPayload.resource") == "gift-card")
            #expect(try await api.send(.post, "/company/event-types", body).status == 409)

            let webhook = try await api.makeWebhook(#""events":["gift-card-redeemed","gift-*"]"#)
            let path = "/company/webhooks/\(try webhook.string("id") ?? "")"
            let found = try await api.send(.get, "/company/webhooks?resource=gift-card")
            #expect(try found.ids == [webhook.string("id") ?? ""])
            let other = api.with { $0.tenant = "other" }
            #expect(try await other.send(.get, "/company/event-types/gift-card-redeemed").status == 404)
            #expect(try await other.send(.delete, "/company/event-types/gift-card-redeemed").status == 404)
            #expect(
                try await other.send(.post, "/company/webhooks", TestAPI.body(#""events":["gift-card-redeemed"]"#))
                    .status == 422)
            let since = try await api.send(.get, "/company/event-types?created_at_min=2020-01-01T00:00:00Z")
            #expect(try Self.names(since) == ["gift-card-redeemed"])  // the catalogue's were never made

            #expect(try await api.send(.delete, "/company/event-types/gift-card-redeemed").status == 204)
            #expect(try await api.send(.delete, "/company/event-types/gift-card-redeemed").status == 404)
            // What GET gave can still be sent back.
            let put = try await api.send(.put, path, try await api.send(.get, path).text)
            #expect(put.status == 200, "\(put.text)")
            #expect(try await api.send(.patch, path, #"{"events":["gift-card-lost"]}"#).status == 422)
        }
    }

    @Test("Faults of a type")
    func faults() async throws {
        try await withAPI { api, _ in
            for (body, faults) in [
                ("{}", ["name required"]), (#"{"name":"a/b"}"#, ["name invalid"]),
                (#"{"name":"-a"}"#, ["name invalid"]),
                (
                    #"{"name":"a b","schema":[],"example":1,"x":1}"#,
                    [
                        "example wrong_type", "name invalid", "schema wrong_type", "x unknown_member",
                    ]
                ),
                (#"{"name":"a","example":{"a":"\u0000"}}"#, ["example invalid"]), ("[]", [" wrong_type"]),
            ] {
                let answer = try await api.send(.post, "/company/event-types", body)
                #expect(try answer.status == 422 && answer.faults == faults, "\(body)")
            }
            for name in ["order-created", "orders-created", "webhook-disabled"] {
                let answer = try await api.send(.post, "/company/event-types", #"{"name":"\#(name)"}"#)
                #expect(answer.status == 409, "\(name)")
            }
            #expect(try await api.send(.delete, "/company/event-types/order-created").status == 409)
        }
    }

    @Test("Where requests come from is told as it was set")
    func egress() async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.get, "/company/egress")
            #expect(answer.text == #"{"addresses":["192.0.2.0/24"]}"#)
        }
    }
}
