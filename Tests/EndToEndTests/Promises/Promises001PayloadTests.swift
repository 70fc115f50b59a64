import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 001: the default payload, and what a query makes of it.
    @Suite struct Promises001PayloadTests {
        private let crystallize = #""dialect":"crystallize""#

        @Test("Row 64: each member of the default payload is a variable of a query, with the same value")
        func row064Variables() async throws {
            let scene = try await Scene.open()
            let data =
                #"{"id":"o1","note":"Bård","count":7,"share":0.5,"isPaid":true,"isOpen":false,"#
                + #""gone":null,"cart":[]}"#
            let byDefault = try await scene.makeWebhook(crystallize, events: ["order-updated"], path: "/default")
            try await scene.post("order-updated", data)
            let body = try #require(try await scene.receiver.waitForRequests(1).first?.json)
            #expect(
                Set(body.names)
                    == ["id", "tenantId", "webhookId", "type", "note", "count", "share", "isPaid", "isOpen", "gone"])
            #expect(body.text("webhookId") == byDefault.id)
            // A customer for each text that a variable is to have: whom it finds tells its value.
            let types = [
                "count": "Int!", "share": "Float!", "isPaid": "Boolean!", "isOpen": "Boolean!", "gone": "String",
            ]
            var (declared, asked): ([String], [String]) = ([], [])
            for (name, value) in body.members {
                declared.append("$\(name): \(types[name] ?? "String!")")
                switch value.kind {
                case .string:
                    asked.append("\(name): customer { get(id: $\(name)) { id } }")
                    try await scene.post("customer-created", #"{"id":\#(value.compactText)}"#)
                case .bool: asked.append("\(name): customer @include(if: $\(name)) { get(id: $id) { id } }")
                default: break
                }
            }
            asked.append("orders: order { get(id: $id, number: $count, share: $share, other: $gone) { count share } }")
            let query = "query (\(declared.joined(separator: ", "))) { \(asked.joined(separator: " ")) }"
            let custom = try await scene.makeWebhook(crystallize + #","payloadQuery":"\#(query)""#, path: "/custom")
            try await scene.post("customer-created", #"{"id":"\#(custom.id)"}"#)
            try await scene.post("order-created", data)
            let invocation = try await scene.invocations(of: custom)[0]
            #expect(invocation.at("error")?.isNull == true, "\(invocation.compactText)")
            let result = try #require(try scene.receiver.requests.first { $0.path == "/custom" }?.json)
            for name in ["id", "tenantId", "type", "note"] {
                #expect(result.text("\(name).get.id") == body.text(name), "\(name)")
            }
            #expect(result.text("webhookId.get.id") == custom.id, "each webhook's own")
            #expect(result.at("isPaid") != nil && result.at("isOpen") == nil)
            #expect(result.at("orders.get")?.compactText == #"{"count":7,"share":0.5}"#)
        }

        @Test("Row 65: the default payload stays beside the query's result where that is asked for")
        func row065Preserved() async throws {
            let scene = try await Scene.open()
            let query = #","payloadQuery":"query ($id: ID!) { order { get(id: $id) { total } } }""#
            _ = try await scene.makeWebhook(crystallize, path: "/default")
            for (path, preserve) in [("/true", "true"), ("/false", "false")] {
                _ = try await scene.makeWebhook(
                    crystallize + query + #","preserveDefaultPayload":\#(preserve)"#, path: path)
            }
            _ = try await scene.makeWebhook(crystallize + query, path: "/absent")
            try await scene.post("order-created", #"{"id":"o1","total":10.1125,"note":"x"}"#)
            let requests = try await scene.receiver.waitForRequests(4)
            let bodies = Dictionary(uniqueKeysWithValues: try requests.map { ($0.path, try $0.json) })
            for path in ["/false", "/absent"] {
                #expect(bodies[path]?.compactText == #"{"order":{"get":{"total":10.1125}}}"#)
            }
            let both = try #require(bodies["/true"])
            #expect(both.at("order")?.compactText == #"{"get":{"total":10.1125}}"#)
            for (name, value) in try #require(bodies["/default"]).members where name != "webhookId" {
                #expect(both.at(name)?.compactText == value.compactText, "\(name)")
            }
        }
    }
}
