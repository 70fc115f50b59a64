import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: what is sent, and with which headers.
    @Suite struct Promises003BodyTests {
        /// A tenant whose Shopery webhooks may be called without TLS.
        private func scene(_ answers: ReceiverAnswer...) async throws -> Scene {
            let scene = try await Scene.open { answers.isEmpty ? .ok : answers[min($0.number, answers.count - 1)] }
            try await scene.patchTenant(#""allowHTTP":true"#)
            return scene
        }

        private let shopery = #""dialect":"shopery""#

        @Test("Rows 88, 91, 96 and 97: the body is the order or the product itself, with its decimals as they were")
        func row096Resources() async throws {
            let scene = try await scene()
            _ = try await scene.makeWebhook(shopery, events: ["orders-created"], path: "/order")
            _ = try await scene.makeWebhook(shopery, events: ["product-created"], path: "/product")
            try await scene.post(body: Scene.sampleOrder)
            try await scene.post("product-created", #"{"id":"p1","price":10.10,"weight":1e2,"cost":35}"#)
            let requests = try await scene.receiver.waitForRequests(2)
            let order = try JSONDocument(parsing: Array(Scene.sampleOrder.utf8)).root.member("data")
            #expect(requests.first { $0.path == "/order" }?.bodyText == order?.compactText)
            #expect(order?.compactText.contains("45.1125") == true)
            #expect(
                requests.first { $0.path == "/product" }?.bodyText
                    == #"{"id":"p1","price":10.10,"weight":1e2,"cost":35}"#)
        }

        @Test("Row 92: the orders of interest are picked and cut down to the items for the shipping company")
        func row092Items() async throws {
            let scene = try await scene()
            _ = try await scene.makeWebhook(
                shopery + #","filter":{"data":{"shipping":{"carrier":["bring"]}}},"fields":["id","items.sku"]"#)
            for (id, carrier) in [("1", "post"), ("2", "bring")] {
                let accepted = try await scene.post(
                    "order-created",
                    #"{"id":"\#(id)","shipping":{"carrier":"\#(carrier)"},"items":[{"sku":"a","n":1},{"sku":"b"}]}"#)
                #expect(accepted.deliveries == (carrier == "bring" ? 1 : 0))
            }
            let requests = try await scene.receiver.waitForRequests(1)
            #expect(requests.map(\.bodyText) == [#"{"id":"2","items":[{"sku":"a"},{"sku":"b"}]}"#])
        }

        @Test("Row 93: one event is one request, however many are posted together")
        func row093Single() async throws {
            let scene = try await scene()
            _ = try await scene.makeWebhook(shopery)
            _ = try await scene.post(batch: (1...5).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            try await scene.receiver.waitForRequests(5)
            let bodies = try await scene.drained().map(\.bodyText)
            #expect(bodies.sorted() == (1...5).map { #"{"id":"\#($0)"}"# })
        }

        @Test("Rows 95, 99, 147 and 148: each request names event, webhook and delivery, and has the endpoint's secret")
        func row099Secret() async throws {
            let scene = try await scene(.ok, .status(500), .ok)
            let webhook = try await scene.makeWebhook(
                shopery + #","retry":{"schedule":[1]},"secret":"0123456789abcdef""#)
            #expect(try await scene.ask("POST", webhook.path + "/test").json?.bool("ok") == true)
            let event = try await scene.post("order-created")
            let requests = try await scene.receiver.waitForRequests(3, within: .seconds(30))
            #expect(requests.allSatisfy { $0.values(of: "x-shopery-secret") == ["0123456789abcdef"] })
            let delivery = try await scene.get("/company/events/\(event.id)/deliveries").data.first?.text("id")
            for request in requests.dropFirst() {
                #expect(request.header("x-martlet-event") == "order-created")
                #expect(request.header("x-martlet-webhook") == webhook.id)
                #expect(request.header("x-martlet-delivery") == delivery)
                #expect(request.header("x-martlet-triggered-at")?.hasSuffix("Z") == true)
            }
            let rotated = try await scene.ask("POST", webhook.path + "/secret/rotate")
            let secret = try #require(rotated.json?.text("secret"))
            #expect(secret != webhook.secret)
            try await scene.post("order-created")
            let last = try await scene.receiver.waitForRequests(4).last
            #expect(last?.values(of: "x-shopery-secret") == [secret], "the new one at once")
            let listed = try await scene.get(webhook.path + "/invocations").text
            #expect(!listed.contains(secret) && !listed.contains(webhook.secret))
        }
    }
}
