import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 004: what goes wrong at the receiver, and the standardised payload.
    @Suite struct Promises004Tests {
        @Test("Row 194: a refused credential has a class of its own, and a new one is used by the next attempt")
        func row194Credentials() async throws {
            let scene = try await Scene.open {
                .status($0.header("authorization") == "Bearer new" ? 200 : $0.number == 0 ? 401 : 403)
            }
            let webhook = try await scene.makeWebhook(
                #""retry":{"schedule":[1]},"authentication":{"type":"bearer","token":"old"}"#)
            try await scene.post("order-created")
            try await scene.invocations(of: webhook, 2)
            try await scene.patch(webhook, #""authentication":{"type":"bearer","token":"new"}"#)
            let history = try await scene.wait(for: "success") {
                let history = try await scene.invocations(of: webhook)
                return history.last?.text("outcome") == "succeeded" ? history : nil
            }
            #expect(history.prefix(2).map { $0.number("response.status") } == [401, 403])
            #expect(history.dropLast().allSatisfy { $0.text("error.class") == "http_401_403" })
            #expect(scene.receiver.requests.count { $0.header("authorization") == "Bearer new" } == 1)
        }

        @Test("Row 195: an invalid payload's answer can be read in the history", arguments: [400, 422])
        func row195InvalidPayloads(status: Int) async throws {
            let complaint = #"{"error":"total: must not be negative, ü"}"#
            let scene = try await Scene.open(ReceiverAnswer(status: status, body: complaint))
            let webhook = try await scene.makeWebhook(#""retry":{"maxAttempts":1}"#)
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0]
            #expect(invocation.text("error.class") == "http_4xx")
            #expect(invocation.number("response.status") == status)
            #expect(invocation.text("response.body") == complaint)
            let detail = try await scene.get("/company/invocations/\(invocation.text("id") ?? "")").json
            #expect(detail?.text("response.body") == complaint)
        }

        @Test("Row 196: a rate can be set that is never passed")
        func row196Rate() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(#""rateLimit":{"requests":2,"perSeconds":1}"#)
            _ = try await scene.post(batch: (0..<6).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            let requests = try await scene.receiver.waitForRequests(6, within: .seconds(30))
            // Two at once and then one each half second: two seconds, less what a busy machine is late for the first.
            let span = requests[0].arrivedAt.duration(to: requests[5].arrivedAt)
            #expect(span > .seconds(1), "\(span)")
        }

        @Test("Rows 197–201: the 17 events of orders, products, customers, payments and shipping are delivered")
        func row197Pairs() async throws {
            let scene = try await Scene.open()
            let pairs = [
                "order": ["created", "updated", "fulfilled", "cancelled"],
                "product": ["created", "updated", "deleted", "inventory_updated"],
                "customer": ["created", "updated", "deleted"],
                "payment": ["completed", "failed", "refunded"],
                "shipping": ["label_created", "tracking_updated", "delivered"],
            ].flatMap { resource, events in events.map { (resource, $0) } }
            #expect(pairs.count == 17)
            for (resource, event) in pairs {
                let name = "\(resource)_\(event)"
                _ = try await scene.makeWebhook(events: [name], path: "/" + name)
            }
            let accepted = try await scene.post(batch: pairs.map { #"{"type":"\#($0)_\#($1)","data":{"id":"1"}}"# })
            #expect(accepted.map(\.deliveries) == pairs.map { _ in 1 })
            try await scene.receiver.waitForRequests(17)
            let requests = try await scene.drained()
            for (resource, event) in pairs {
                let came = requests.filter { $0.path == "/\(resource)_\(event)" }
                #expect(came.count == 1)
                #expect(try came.first?.json.text("resource") == resource)
                #expect(try came.first?.json.text("event") == event)
            }
            #expect(requests.count == 17)
        }

        @Test("Rows 202–204: the payload says what and when, and its id is one of a kind, the same in every retry")
        func row202Metadata() async throws {
            let scene = try await Scene.open { .status($0.number == 0 ? 500 : 200) }
            _ = try await scene.makeWebhook(#""retry":{"schedule":[1]}"#)
            let first = try await scene.post("order_created")
            try await scene.receiver.waitForRequests(2)
            let second = try await scene.post("order_created")
            let bodies = try await scene.receiver.waitForRequests(3).map { try $0.json }
            #expect(bodies.map { $0.text("id") } == [first.id, first.id, second.id] && first.id != second.id)
            for body in bodies {
                #expect(body.text("timestamp")?.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) == true)
                #expect(body.text("type") == "order-created")
                #expect(body.text("resource") == "order" && body.text("event") == "created")
            }
        }

        @Test("Rows 205 and 206: the payload has the whole resource and what is related to it, as they were published")
        func row205WholeResource() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(events: ["order-created", "product-inventory_updated"])
            try await scene.post(body: Scene.sampleOrder)
            let given = try JSONDocument(parsing: Array(Scene.sampleOrder.utf8)).root
            let order = try #require(try await scene.receiver.waitForRequests(1).first?.json)
            for part in ["data", "related"] { #expect(order.at(part)?.compactText == given.at(part)?.compactText) }
            #expect(order.text("related.customer.identifier") == "bard@crystallize.com")
            #expect(order.at("data.cart")?.elements.count == 2)
            #expect(order.text("timestamp") == given.text("occurredAt"))
            let variant = #"{"variant":{"sku":"chair-red","stock":3}}"#
            try await scene.post("product-inventory_updated", #"{"id":"chair"}"#, #""related":\#(variant)"#)
            let product = try #require(try await scene.receiver.waitForRequests(2).last?.json)
            #expect(product.at("related")?.compactText == variant)
        }
    }
}
