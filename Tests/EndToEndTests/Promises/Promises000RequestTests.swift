import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 000: how the request is made.
    @Suite struct Promises000RequestTests {
        @Test("Row 19: without a URL nothing is made")
        func row019NoURL() async throws {
            let scene = try await Scene.open()
            let reply = try await scene.ask("POST", "/company/webhooks", #"{"name":"w","events":["order-created"]}"#)
            #expect(reply.status == 422 && reply.fields == ["url"], "\(reply.text)")
            #expect(try await scene.get("/company/webhooks").data.isEmpty)
        }

        @Test("Row 21: the method GET has no body and its payload in the query")
        func row021Get() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(#""method":"GET""#, path: "/hook?token=a%20b&type=mine")
            try await scene.post("order-created", #"{"id":"1","note":"a&b=ü"}"#)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.method == "GET" && request.body.isEmpty)
            #expect(request.header("content-type") == nil && request.header("transfer-encoding") == nil)
            #expect(request.target.hasPrefix("/hook?token=a%20b&type=mine&"), "what the URL has stays as it is")
            let query = request.query
            #expect(query.filter { $0.name == "type" }.map(\.value) == ["mine"])
            #expect(query.first { $0.name == "resource" }?.value == "order")
            #expect(query.first { $0.name == "data" }?.value == #"{"id":"1","note":"a&b=ü"}"#)
        }

        @Test(
            "Rows 22–25: the methods POST, PUT, PATCH and DELETE carry the body",
            arguments: ["POST", "PUT", "PATCH", "DELETE"])
        func row022Methods(method: String) async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(#""method":"\#(method)""#)
            try await scene.post("order-created", #"{"id":"1","total":10.1125}"#)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.method == method && request.target == "/hook")
            #expect(request.header("content-type") == "application/json")
            #expect(try request.json.at("data")?.compactText == #"{"id":"1","total":10.1125}"#)
        }

        @Test("Row 26: any other method is refused", arguments: ["HEAD", "OPTIONS", "TRACE", "CONNECT", "post", ""])
        func row026OtherMethods(method: String) async throws {
            let reply = try await Scene.open().tryWebhook(#""method":"\#(method)""#)
            #expect(reply.status == 422 && reply.fields == ["method"], "\(reply.text)")
        }

        @Test("Rows 27 and 67: a temporary URL with port, long path, token and query is called byte for byte")
        func row027TemporaryURL() async throws {
            let scene = try await Scene.open()
            let long = String(repeating: "abcdefgh/", count: 150)
            let target = "/\(long)9f0c6a1e-45f7-4b1c//x;y=1/%7Eme/?q=a+b&&empty=&r=%2F%c3%a5!*'()"
            _ = try await scene.makeWebhook(path: target)
            try await scene.post("order-created")
            #expect(try await scene.receiver.waitForRequests(1).map(\.target) == [target])
        }

        @Test("Row 28: headers are optional, and both of two are sent")
        func row028Headers() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(path: "/none")
            _ = try await scene.makeWebhook(#""headers":{"x-one":"1","x-two":"2"}"#, path: "/two")
            try await scene.post("order-created")
            let requests = try await scene.receiver.waitForRequests(2)
            let (none, two) = (requests.first { $0.path == "/none" }, requests.first { $0.path == "/two" })
            #expect(none?.header("x-one") == nil && none?.header("x-two") == nil)
            #expect(two?.values(of: "x-one") == ["1"] && two?.values(of: "x-two") == ["2"])
        }
    }
}
