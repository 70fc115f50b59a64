import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: the members of a webhook, and its id.
    @Suite struct Promises003WebhookTests {
        @Test("Rows 133 and 141–143: the example's body works verbatim, is answered with an id, and is there at once")
        func row141Verbatim() async throws {
            let scene = try await Scene.open()
            let reply = try await scene.ask(
                "POST", "/company/webhooks",
                """
                {
                  "name": "webhook test",
                  "url": "https://test.com/wh",
                  "events": ["order-created"],
                  "isEnabled": true
                }
                """)
            #expect(reply.status == 201, "\(reply.text)")
            let id = try #require(reply.json?.text("id"))
            let found = try await scene.get("/company/webhooks/\(id)").json
            #expect(found?.text("name") == "webhook test" && found?.text("url") == "https://test.com/wh")
            #expect(found?.at("events")?.compactText == #"["order-created"]"# && found?.bool("isEnabled") == true)
        }

        @Test("Row 144: an id is wbh_ and a ULID of the moment when it was made; ids sort by it")
        func row144Identifiers() async throws {
            let scene = try await Scene.open()
            let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
            var ids: [String] = []
            for _ in 0..<20 {
                let before = Date().timeIntervalSince1970 * 1000
                let webhook = try await scene.makeWebhook()
                let after = Date().timeIntervalSince1970 * 1000
                #expect(webhook.id.contains(/^wbh_[0-7][0-9A-HJKMNP-TV-Z]{25}$/))
                let millisecond = webhook.id.dropFirst(4).prefix(10).reduce(0) {
                    $0 * 32 + (alphabet.firstIndex(of: $1) ?? 0)
                }
                #expect((before - 1...after + 1).contains(Double(millisecond)), "\(webhook.id)")
                ids.append(webhook.id)
            }
            #expect(ids == ids.sorted() && Set(ids).count == 20)
            let listed = try await scene.get("/company/webhooks").data.compactMap { $0.text("id") }
            #expect(listed == ids.reversed())
        }

        @Test("Row 137: a name is required, of 1 to 200 characters of any script")
        func row137Name() async throws {
            let scene = try await Scene.open()
            for name in ["null", #""""#, "7", "[]", #""\#(String(repeating: "a", count: 201))""#] {
                let reply = try await scene.ask(
                    "POST", "/company/webhooks",
                    #"{"name":\#(name),"url":"https://test.com/wh","events":["order-created"]}"#)
                #expect(reply.status == 422 && reply.fields == ["name"], "\(name): \(reply.text)")
            }
            for name in ["a", String(repeating: "a", count: 200), "Bestellung 注文 🚀"] {
                let made = try await scene.makeWebhook()
                try await scene.patch(made, #""name":"\#(name)""#)
                #expect(try await scene.get(made.path).json?.text("name") == name)
            }
        }

        @Test("Row 139: each of several events calls, none is refused, and one named twice is one")
        func row139Events() async throws {
            let scene = try await Scene.open()
            for list in ["[]", #""order-created""#, "[1]", "null"] {
                let body = #"{"name":"w","url":"https://test.com/wh","events":\#(list)}"#
                #expect(try await scene.ask("POST", "/company/webhooks", body).status == 422, "\(list)")
            }
            let webhook = try await scene.makeWebhook(
                events: ["order-created", "customer-created", "order-created", "orders-created"])
            #expect(webhook.json.at("events")?.compactText == #"["order-created","customer-created"]"#)
            for type in ["order-created", "customer-created"] { #expect(try await scene.post(type).deliveries == 1) }
            let requests = try await scene.receiver.waitForRequests(2)
            #expect(
                Set(requests.compactMap { $0.header("x-martlet-event") }) == ["order-created", "customer-created"])
        }

        @Test("Row 98: both spellings of an event are accepted, and a wrong one is answered with names that are near")
        func row098Spellings() async throws {
            let scene = try await Scene.open()
            for name in ["order-created", "orders-created"] {
                _ = try await scene.makeWebhook(events: [name], path: "/" + name)
            }
            #expect(try await scene.post("order-created").deliveries == 2)
            #expect(try await scene.post("orders-created").deliveries == 2)
            let requests = try await scene.receiver.waitForRequests(4)
            #expect(requests.allSatisfy { $0.header("x-martlet-event") == "order-created" })
            let reply = try await scene.tryWebhook(events: ["order-craeted"])
            #expect(reply.status == 422 && reply.text.contains("order-created"), "\(reply.text)")
        }

        @Test("Row 140: a webhook that is not enabled gets nothing; switched on, it gets what happens then")
        func row140Enabled() async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook(#""isEnabled":false,"whenDisabled":"discard""#)
            #expect(webhook.json.text("status") == "inactive")
            try await scene.post("order-created", #"{"id":"before"}"#)
            #expect(try await scene.drained().isEmpty)
            try await scene.patch(webhook, #""isEnabled":true"#)
            try await scene.post("order-created", #"{"id":"after"}"#)
            try await scene.receiver.waitForRequests(1)
            #expect(try await scene.drained().map { try $0.json.text("data.id") } == ["after"])
            for value in [#""yes""#, "1", "[]"] {
                let reply = try await scene.ask("PATCH", webhook.path, #"{"isEnabled":\#(value)}"#)
                #expect(reply.status == 422 && reply.fields == ["isEnabled"], "\(value)")
            }
        }

        @Test("Row 125: the type of a destination may be one of a list; what is not in it yet is refused")
        func row125Types() async throws {
            let scene = try await Scene.open()
            #expect(try await scene.makeWebhook(#""type":"http""#).json.text("type") == "http")
            #expect(try await scene.makeWebhook().json.text("type") == "http")
            for type in ["carrier-pigeon", "HTTP", ""] {
                let reply = try await scene.tryWebhook(#""type":"\#(type)""#)
                #expect(reply.status == 422 && reply.fields == ["type"], "\(type)")
            }
        }

        @Test("Row 128: where Shopery's rules hold, only https will do")
        func row128HTTPS() async throws {
            let scene = try await Scene.open()
            let reply = try await scene.tryWebhook(#""dialect":"shopery""#, url: "http://test.com/wh")
            #expect(reply.status == 422 && reply.fields == ["url"], "\(reply.text)")
            #expect(try await scene.tryWebhook(#""dialect":"shopery""#, url: "https://test.com/wh").status == 201)
            let standard = try await scene.makeWebhook(url: "http://test.com/wh")
            let changed = try await scene.ask("PATCH", standard.path, #"{"dialect":"shopery"}"#)
            #expect(changed.status == 422 && changed.fields == ["url"], "\(changed.text)")
        }

        @Test("Row 129: a certificate that nobody vouches for is no way in: the class is tls, and nothing was sent")
        func row129Certificates() async throws {
            let scene = try await Scene.open()
            let server = try SelfSignedServer()
            let once = #""retry":{"maxAttempts":1}"#
            let port = try await server.port()
            let selfSigned = try await scene.makeWebhook(once, url: "https://127.0.0.1:\(port)/hook")
            let plain = try await scene.makeWebhook(once, url: "https://127.0.0.1:\(scene.receiver.port)/hook")
            try await scene.post("order-created")
            for webhook in [selfSigned, plain] {
                let invocation = try await scene.invocations(of: webhook)[0]
                #expect(invocation.text("error.class") == "tls", "\(invocation.compactText)")
                #expect(invocation.at("response")?.isNull == true)
            }
            #expect(scene.receiver.requests.isEmpty)
            #expect(server.received.isEmpty, "it got \(server.received)")
        }
    }
}
