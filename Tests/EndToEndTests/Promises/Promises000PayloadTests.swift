import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 000: what the payload says, and may be.
    @Suite struct Promises000PayloadTests {
        @Test("Rows 11 and 54: a changed stage of a fulfilment pipeline says which order, pipeline and stage")
        func row011PipelineStage() async throws {
            let scene = try await Scene.open()
            let data = #"{"orderId":"68e4fe1d","pipelineId":"61f9937c","stageId":"61f9933e"}"#
            for (path, dialect) in [("/whole", "standard"), ("/flat", "crystallize")] {
                _ = try await scene.makeWebhook(
                    #""dialect":"\#(dialect)""#, events: ["order-pipeline-stage-changed"], path: path)
            }
            try await scene.post("order-pipeline-stage-changed", data)
            for request in try await scene.receiver.waitForRequests(2) {
                let body = try request.json
                let place = request.path == "/whole" ? try #require(body.member("data")) : body
                #expect(place.text("orderId") == "68e4fe1d")
                #expect(place.text("pipelineId") == "61f9937c")
                #expect(place.text("stageId") == "61f9933e")
            }
        }

        @Test("Row 15: a new product and a new article are told apart by their type")
        func row015NewItems() async throws {
            let scene = try await Scene.open()
            let came = try await scene.deliverEach(
                of: ["product-created", "document-created"], members: #""dialect":"crystallize""#
            ) { _ in #"{"id":"1","name":"New"}"# }.onePerKey()
            #expect(try came["product-created"]?.json.text("type") == "product")
            #expect(try came["document-created"]?.json.text("type") == "document")
        }

        @Test(
            "Rows 30 and 63: a mutation is no payload, neither when a webhook is made nor later",
            arguments: [
                "mutation { order { get(id: 1) { id } } }",
                "mutation M { order { get(id: 1) { id } } }",
                "query A { order { get(id: 1) { id } } } mutation B { order { get(id: 1) { id } } }",
                "fragment F on Mutation { order { get(id: 1) { id } } } mutation { ...F }",
                "subscription { order { get(id: 1) { id } } }",
            ])
        func row030Mutations(query: String) async throws {
            let scene = try await Scene.open()
            let refused = try await scene.tryWebhook(#""payloadQuery":"\#(query)""#)
            #expect(refused.status == 422 && refused.fields.contains("payloadQuery"), "\(refused.text)")
            let good = "query ($id: ID!) { order { get(id: $id) { id } } }"
            let webhook = try await scene.makeWebhook(#""payloadQuery":"\#(good)""#)
            let before = try await scene.get(webhook.path).text
            let reply = try await scene.ask("PATCH", webhook.path, #"{"name":"new","payloadQuery":"\#(query)"}"#)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(try await scene.get(webhook.path).text == before)
        }
    }
}
