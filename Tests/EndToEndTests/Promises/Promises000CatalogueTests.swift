import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 000: what can be listened to.
    @Suite struct Promises000CatalogueTests {
        @Test("Rows 1 and 16: each event of the catalogue can be subscribed to, and reaches its webhook once")
        func row001EveryEvent() async throws {
            let scene = try await Scene.open()
            let types = try await scene.get("/company/event-types?limit=100").data.filter {
                $0.bool("operational") == false
            }
            let resources = Set(types.compactMap { $0.text("resource") })
            #expect(
                resources.isSuperset(of: [
                    "product", "document", "folder", "topic-map", "grid", "price-list", "market",  // maintenance
                    "order", "customer", "payment", "shipping",  // fulfilment
                    "subscription-contract", "tenant-copy",
                ]))
            let names = types.compactMap { $0.text("name") }
            let came = try await scene.deliverEach(of: names) { _ in #"{"id":"1"}"# }.onePerKey()
            #expect(Set(came.keys) == Set(names))
            for type in types {
                let request = try #require(came[type.text("name") ?? ""])
                #expect(request.header("x-martlet-event") == type.text("name"))
                for member in ["resource", "event"] {
                    #expect(try request.json.text(member) == type.text(member))
                }
            }
        }

        @Test("Row 16: a type that is not in the catalogue is refused by its place")
        func row016Unlisted() async throws {
            let scene = try await Scene.open()
            let reply = try await scene.tryWebhook(events: ["order-created", "order-eaten"])
            #expect(reply.status == 422 && reply.fields == ["events[1]"], "\(reply.text)")
            #expect(try await scene.get("/company/webhooks").data.isEmpty)
        }

        @Test("Row 3: an event that nobody asked for is accepted, and nothing is sent")
        func row003NobodyListens() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(events: ["customer-created"])
            let event = try await scene.post("order-created")
            #expect(event.deliveries == 0)
            #expect(try await scene.get("/company/events/\(event.id)/deliveries").data.isEmpty)
            #expect(try await scene.drained().isEmpty)
        }

        @Test(
            "Rows 4 and 40: the request comes unprompted, without a handshake, and whoever does not verify gets it too")
        func row004Unprompted() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook()
            let event = try await scene.post("order-created")
            let requests = try await scene.receiver.waitForRequests(1)
            #expect(requests.map { $0.header("webhook-id") } == [event.id], "the first that comes is the event")
        }

        @Test("Row 5: endpoints that fail or hang delay no other, and each has its own record")
        func row005Decoupled() async throws {
            let scene = try await Scene.open {
                switch $0.path {
                case "/failing": .status(500)
                case "/hanging": .hang
                default: .ok
                }
            }
            let once = #""retry":{"maxAttempts":1}"#
            let failing = try await scene.makeWebhook(once, path: "/failing")
            let hanging = try await scene.makeWebhook(once + #","timeoutMs":2000"#, path: "/hanging")
            let good = try await scene.makeWebhook(path: "/good")
            let event = try await scene.post("order-created")
            #expect(event.deliveries == 3)
            let (one, two, three) = (
                try await scene.invocations(of: failing), try await scene.invocations(of: hanging),
                try await scene.invocations(of: good)
            )
            #expect(
                [one, two, three].map { $0.map { $0.text("outcome") } } == [["failed"], ["failed"], ["succeeded"]])
            #expect(two[0].text("error.class") == "timeout")
            #expect(three[0].text("end") ?? "" < two[0].text("end") ?? "", "it waited for nobody")
            let ids = Set([one, two, three].compactMap { $0[0].text("id") })
            #expect(ids.count == 3)
        }

        @Test("Row 6: onNewOrderCreated is a name of the event of orders")
        func row006Alias() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(events: ["onNewOrderCreated"])
            let type = try await scene.get("/company/event-types/onNewOrderCreated").json
            #expect(type?.text("name") == "order-created" && type?.text("resource") == "order")
            #expect(try await scene.post("onNewOrderCreated").deliveries == 1)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(try request.json.text("type") == "order-created")
        }

        @Test("Row 12: content that changes calls webhooks of both POST and GET")
        func row012Rebuild() async throws {
            let scene = try await Scene.open()
            for method in ["POST", "GET"] {
                _ = try await scene.makeWebhook(#""method":"\#(method)""#, events: ["product-updated"])
            }
            #expect(try await scene.post("product-updated").deliveries == 2)
            let requests = try await scene.receiver.waitForRequests(2)
            #expect(Set(requests.map(\.method)) == ["POST", "GET"])
        }

        @Test("Rows 13 and 58: a subscription contract created or modified is delivered")
        func row013Subscriptions() async throws {
            let scene = try await Scene.open()
            let types = ["subscription-contract-created", "subscription-contract-updated"]
            let came = try await scene.deliverEach(of: types) { _ in #"{"id":"contract","status":"active"}"# }
            for (type, request) in try came.onePerKey() {
                #expect(types.contains(type))
                #expect(try request.json.text("resource") == "subscription-contract")
                #expect(try request.json.text("data.status") == "active")
            }
        }
    }
}
