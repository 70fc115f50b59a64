import JSON
import TestSupport
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// Document 002: that something happened is told, in real time and as JSON.
    @Suite struct Promises002DeliveryTests {
        @Test("Rows 42 and 69: orders, content and states of Flows call as they happen, and how soon is measured")
        func row069RealTime() async throws {
            let scene = try await Scene.open()
            let types = ["order-created", "product-updated", "document-flow-stage-added"]
            _ = try await scene.makeWebhook(events: types)
            let before = try await measured(by: scene)
            for type in types {
                try await scene.post(type)
                // Nothing else happens until this one has come.
                let came = try await scene.receiver.waitForRequests(types.firstIndex(of: type)! + 1)
                #expect(came.last?.header("x-martlet-event") == type)
            }
            _ = try await scene.wait(for: "three latencies") {
                try await measured(by: scene) >= before + 3 ? () : nil
            }
        }

        /// How many deliveries have a latency, in what the services export.
        private func measured(by scene: Scene) async throws -> Double {
            let ports = SettingsFile(path: scene.stack.folder + "/run/ports.env").values
            var sum = 0.0
            for service in ["delivery", "metrics"] {
                let client = ServiceClient(
                    url: "http://127.0.0.1:\(try #require(ports[service]))", engine: try .forCommands())
                for line in try await client.require([200], "GET", "/metrics").text.split(separator: "\n")
                where line.hasPrefix("martlet_delivery_latency_seconds_count") {
                    sum += line.split(separator: " ").last.flatMap { Double($0) } ?? 0
                }
            }
            return sum
        }

        @Test("Row 70: the method is POST where none is named")
        func row070DefaultMethod() async throws {
            let scene = try await Scene.open()
            #expect(try await scene.makeWebhook().json.text("method") == "POST")
            try await scene.post("order-created")
            #expect(try await scene.receiver.waitForRequests(1).map(\.method) == ["POST"])
        }

        @Test(
            "Rows 72 and 94: the payload is JSON that says what happened, and to what",
            arguments: ["standard", "crystallize"])
        func row072JSON(dialect: String) async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(#""dialect":"\#(dialect)""#, events: ["product-updated"])
            try await scene.post("product-updated", #"{"id":"chair","name":"Chair"}"#)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.header("content-type") == "application/json")
            #expect(request.header("x-martlet-event") == "product-updated")
            let body = try request.json
            #expect(body.isObject && body.compactText == request.bodyText, "there is no whitespace in it")
            #expect(body.text("id") == "chair" || body.text("data.id") == "chair")
        }

        @Test(
            "Rows 75–77: texts, numbers and nulls are sent as they were posted in the other dialects",
            arguments: ["standard", "shopery"])
        func row075Bytes(dialect: String) async throws {
            let scene = try await Scene.open()
            try await scene.patchTenant(#""allowHTTP":true"#)
            _ = try await scene.makeWebhook(#""dialect":"\#(dialect)""#)
            let data =
                #"{"id":"1","name":"Bård","sku":"4958411","gross":10.1125,"sum":35,"old":1.50,"#
                + #""pipelines":null}"#
            try await scene.post("order-created", data)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.bodyText.contains(data))
            #expect(request.header("content-length") == "\(request.body.count)")
        }
    }
}
