import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 000: what a payload query makes of it.
    @Suite struct Promises000QueryTests {
        @Test("Rows 7 and 14: the result of the query is the body, without a wrapper; it can select the cart's goods")
        func row007QueryIsTheBody() async throws {
            let scene = try await Scene.open()
            let query = "query ($id: ID!) { order { get(id: $id) { id cart { sku } } } }"
            _ = try await scene.makeWebhook(#""dialect":"crystallize","payloadQuery":"\#(query)""#)
            try await scene.post(body: Scene.sampleOrder)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            let cart = #"[{"sku":"4958411"},{"sku":"3795082"}]"#
            #expect(request.bodyText == #"{"order":{"get":{"id":"\#(Scene.sampleOrderID)","cart":\#(cart)}}}"#)
        }

        @Test("Rows 10 and 29: without a query the default payload is sent, and the answer is kept")
        func row010DefaultPayload() async throws {
            let answer = #"{"message":"purged","keys":["a","b"]}"#
            let scene = try await Scene.open(ReceiverAnswer(status: 200, body: answer))
            let webhook = try await scene.makeWebhook(#""dialect":"crystallize""#, events: ["product-updated"])
            let custom = try await scene.makeWebhook(
                #""dialect":"crystallize","payloadQuery":"query ($id: ID!) { product { get(id: $id) { name } } }""#,
                events: ["product-updated"], path: "/custom")
            try await scene.post("product-updated", #"{"id":"p1","name":"Chair","isPublished":true,"parts":[1]}"#)
            #expect(try await scene.invocations(of: webhook)[0].text("response.body") == answer)
            try await scene.invocations(of: custom)
            let requests = scene.receiver.requests
            let body = try #require(try requests.first { $0.path == "/hook" }?.json)
            #expect(body.text("id") == "p1" && body.text("type") == "product")
            #expect(body.text("tenantId") == scene.tenant && body.text("webhookId") == webhook.id)
            #expect(body.text("name") == "Chair" && body.bool("isPublished") == true && body.at("parts") == nil)
            #expect(requests.first { $0.path == "/custom" }?.bodyText == #"{"product":{"get":{"name":"Chair"}}}"#)
        }

        @Test("Rows 31 and 66: one query fetches order, customer and payment, in one request")
        func row031OneGo() async throws {
            let scene = try await Scene.open()
            try await scene.post("customer-created", #"{"id":"c1","firstName":"Bård"}"#)
            try await scene.post("payment-completed", #"{"id":"p1","amount":45.1125}"#)
            let query = #"""
                query ($id: ID!, $customerId: ID, $paymentId: ID) {
                  order { get(id: $id) { total cart { sku } } }
                  customer { get(identifier: $customerId) { firstName } }
                  payment { get(id: $paymentId) { amount } } }
                """#.split(separator: "\n").joined(separator: " ")
            let webhook = try await scene.makeWebhook(#""dialect":"crystallize","payloadQuery":"\#(query)""#)
            try await scene.post(
                "order-created",
                #"{"id":"o1","customerId":"c1","paymentId":"p1","total":45.1125,"cart":[{"sku":"a"},{"sku":"b"}]}"#)
            #expect(try await scene.invocations(of: webhook).map { $0.text("outcome") } == ["succeeded"])
            let requests = try await scene.drained()
            #expect(
                requests.map(\.bodyText) == [
                    #"{"order":{"get":{"total":45.1125,"cart":[{"sku":"a"},{"sku":"b"}]}},"#
                        + #""customer":{"get":{"firstName":"Bård"}},"payment":{"get":{"amount":45.1125}}}"#
                ])
        }
    }
}
