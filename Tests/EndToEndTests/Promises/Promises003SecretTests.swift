import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: the test button and the endpoint's secret.
    @Suite struct Promises003SecretTests {
        @Test(
            "Row 145: the test is passed with exactly 200, anything else is shown with its reason, and it is no event",
            arguments: [200, 204, 301, 500, nil])
        func row145TestURL(status: Int?) async throws {
            let scene = try await Scene.open(status.map { .status($0) } ?? .hang)
            let webhook = try await scene.makeWebhook(status == nil ? #""timeoutMs":500"# : "")
            let result = try #require(try await scene.ask("POST", webhook.path + "/test").json)
            #expect(result.bool("ok") == (status == 200))
            #expect(result.number("invocation.response.status") == status)
            let fault = [301: "http_3xx", 500: "http_5xx", nil: "timeout"][status]
            #expect(result.text("invocation.error.class") == fault)
            #expect(scene.receiver.requests.count == 1)
            let listed = try await scene.invocations(of: webhook)
            #expect(listed.map { $0.text("trigger") } == ["test"] && listed[0].at("eventId")?.isNull == true)
            #expect(try await scene.get("/company/events").data.isEmpty)
            let total = try await scene.get(webhook.path + "/metrics").json
            #expect(total?.number("total.succeeded") == 0 && total?.number("total.failed") == 0)
        }

        @Test("Row 146: each webhook has a secret of its own, generated or given, which is masked when it is read")
        func row146OwnSecret() async throws {
            let scene = try await Scene.open()
            let (one, two) = (try await scene.makeWebhook(), try await scene.makeWebhook())
            #expect(one.secret != two.secret && one.secret.hasPrefix("whsec_"))
            let own = "my-own-endpoint-secret"
            try await scene.patchTenant(#""allowHTTP":true"#)
            let given = try await scene.makeWebhook(#""dialect":"shopery","secret":"\#(own)""#)
            #expect(given.secret == own)
            for webhook in [one, two, given] {
                let texts = [try await scene.get(webhook.path).text, try await scene.get("/company/webhooks").text]
                for text in texts { #expect(!text.contains(webhook.secret)) }
                #expect(try await scene.get(webhook.path + "/secret").json?.text("secret") == webhook.secret)
            }
        }

        @Test("Row 101: a real event's request has the shape and the headers of the test's")
        func row101RealAction() async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook()
            _ = try await scene.ask("POST", webhook.path + "/test")
            try await scene.post(body: Scene.sampleOrder)
            let requests = try await scene.receiver.waitForRequests(2)
            let names = requests.map { request in
                Set(request.headerLines.map { $0.prefix { $0 != ":" }.lowercased() })
            }
            // A test is owed by no delivery, so that it names none.
            #expect(names[1].subtracting(names[0]).isSubset(of: ["x-martlet-delivery"]), "\(names)")
            #expect(names[0].subtracting(names[1]).isEmpty)
            let bodies = try requests.map { try $0.json }
            #expect(bodies[0].names == bodies[1].names.filter { $0 != "related" || bodies[0].at("related") != nil })
            #expect(bodies[0].text("type") == "order-created" && bodies[0].at("data")?.isObject == true)
        }
    }
}
