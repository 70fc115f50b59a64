import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 002: the sample body.
    @Suite struct Promises002SampleTests {
        @Test("Rows 73–79: the sample's query of the sample's order gives the sample's body, to the byte")
        func row073Sample() async throws {
            let scene = try await Scene.open()
            let query = """
                query ($id: ID!) { order { get(id: $id) { id createdAt updatedAt \
                customer { identifier firstName lastName } \
                cart { name sku quantity price { currency gross net } } total { currency gross net } pipelines } } }
                """
            _ = try await scene.makeWebhook(#""dialect":"crystallize","payloadQuery":"\#(query)""#)
            try await scene.post(body: Scene.sampleOrder)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            let given = try JSONDocument(parsing: Array(Scene.sampleOrder.utf8)).root.at("data")
            #expect(request.bodyText == #"{"order":{"get":\#(given?.compactText ?? "")}}"#)
            let order = try #require(try request.json.at("order.get"))
            // 73 and 74
            #expect(order.text("id")?.contains(/^[0-9a-f]{24}$/) == true)
            for name in ["createdAt", "updatedAt"] { #expect(order.text(name)?.contains(/\.\d{3}Z$/) == true) }
            // 75
            #expect(order.at("customer")?.names == ["identifier", "firstName", "lastName"])
            #expect(request.body.firstRange(of: [0x42, 0xC3, 0xA5, 0x72, 0x64]) != nil)
            #expect(request.header("content-length") == "\(request.body.count)")
            #expect(request.body.count > request.bodyText.count, "the length counts bytes")
            #expect(request.header("transfer-encoding") == nil)
            // 76
            #expect(order.text("cart.0.sku") == "4958411" && order.number("cart.0.quantity") == 1)
            #expect(order.text("cart.1.name") == "The Best Of The Doors")
            // 77 and 78
            #expect(order.at("cart.0.price")?.compactText == #"{"currency":"EUR","gross":35,"net":28}"#)
            #expect(order.at("cart.1.price.gross")?.compactText == "10.1125")
            #expect(order.at("total")?.compactText == #"{"currency":"EUR","gross":45.1125,"net":36.09}"#)
            // 79
            #expect(request.bodyText.contains(#""pipelines":null"#))
        }
    }
}
