import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 000: what is remembered of each request.
    @Suite struct Promises000HistoryTests {
        private let once = #""retry":{"maxAttempts":1}"#

        @Test("Row 8: a receiver that takes only POST answers GET with 405, which is kept and counted as failed")
        func row008MethodNotAllowed() async throws {
            let scene = try await Scene.open { .status($0.method == "POST" ? 200 : 405) }
            let webhook = try await scene.makeWebhook(#""method":"GET","# + once)
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0]
            #expect(invocation.number("response.status") == 405 && invocation.text("outcome") == "failed")
            let total = try await scene.total(of: webhook) { $0.number("failed") == 1 }
            #expect(total.number("succeeded") == 0 && total.number("errors.http_4xx") == 1)
        }

        @Test("Row 9: the receiver's JSON is kept as its answer")
        func row009Answer() async throws {
            let answer = #"{"success": true, "payload": {"order": {"get": {"id": "68e4fe1d"}}}}"#
            let scene = try await Scene.open(
                ReceiverAnswer(status: 200, headers: [("Content-Type", "application/json")], body: answer))
            let webhook = try await scene.makeWebhook()
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0]
            #expect(invocation.number("response.status") == 200)
            #expect(invocation.text("response.body") == answer)
            #expect(invocation.text("response.headers.content-type") == "application/json")
        }

        @Test("Row 32: at least the last 50 invocations of each webhook are listed")
        func row032LastFifty() async throws {
            let scene = try await Scene.open()
            let many = try await scene.makeWebhook(path: "/many")
            let one = try await scene.makeWebhook(events: ["customer-created"], path: "/one")
            try await scene.post("customer-created")
            let accepted = try await scene.post(
                batch: (0..<60).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            let listed = try await scene.invocations(of: many, 60)
            #expect(Set(listed.compactMap { $0.text("eventId") }) == Set(accepted.map(\.id)) && listed.count == 60)
            #expect(try await scene.invocations(of: one).count == 1)
            let page = try await scene.get(many.path + "/invocations?limit=5")
            #expect(page.data.compactMap { $0.text("id") } == listed.suffix(5).reversed().compactMap { $0.text("id") })
            #expect(page.json?.text("nextCursor") != nil)
        }

        @Test("Row 33: an invocation has the status of the answer, and none where there was no answer")
        func row033Status() async throws {
            let scene = try await Scene.open { .status(Int($0.path.dropFirst()) ?? 200) }
            let closed = try ClosedPort()
            var webhooks: [Int?: Scene.Webhook] = [:]
            for status in [200, 404, 503] { webhooks[status] = try await scene.makeWebhook(once, path: "/\(status)") }
            webhooks[nil] = try await scene.makeWebhook(once, url: "http://127.0.0.1:\(closed.port)/")
            try await scene.post("order-created")
            for (status, webhook) in webhooks {
                let invocation = try await scene.invocations(of: webhook)[0]
                #expect(invocation.number("response.status") == status)
                if status == nil { #expect(invocation.at("response")?.isNull == true) }
            }
        }

        @Test("Row 34: an invocation has its start and end in UTC, as long apart as the receiver took")
        func row034Times() async throws {
            let scene = try await Scene.open(.ok.with { $0.delay = .milliseconds(200) })
            let webhook = try await scene.makeWebhook()
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0]
            let (start, end) = (invocation.text("start") ?? "", invocation.text("end") ?? "")
            for time in [start, end] { #expect(time.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), "\(time)") }
            #expect(start < end)
            #expect((200..<5000).contains(invocation.number("durationMs") ?? 0))
        }

        @Test("Row 35: the payload that is kept is what the receiver got")
        func row035Payload() async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook()
            try await scene.post(body: Scene.sampleOrder)
            let invocation = try await scene.invocations(of: webhook)[0]
            #expect(invocation.text("request.payload") == scene.receiver.requests.first?.bodyText)
            #expect(invocation.text("request.method") == "POST")
            #expect(invocation.text("request.url") == scene.receiver.url("/hook"))
        }

        @Test("Row 36: answers of JSON and of text are kept whole, a huge one up to 16 KiB")
        func row036Bodies() async throws {
            let bodies = [#"{"a": [1, 2.50]}"#, "plain text, ü", String(repeating: "x", count: 100_000)]
            let scene = try await Scene.open {
                ReceiverAnswer(status: 200, body: bodies[Int($0.path.dropFirst()) ?? 0])
            }
            for (number, body) in bodies.enumerated() {
                let webhook = try await scene.makeWebhook(
                    events: [["order-created", "order-updated", "order-cancelled"][number]], path: "/\(number)")
                try await scene.post(["order-created", "order-updated", "order-cancelled"][number])
                let answer = try await scene.invocations(of: webhook)[0]
                #expect(answer.text("response.body") == String(body.prefix(16 << 10)))
                #expect(answer.bool("response.isTruncated") == (number == 2))
            }
        }

        @Test("Row 37: where that is the policy, a request that failed is never made again")
        func row037NoRetry() async throws {
            let scene = try await Scene.open(.status(500))
            let named = try await scene.makeWebhook(once, path: "/named")
            let byDialect = try await scene.makeWebhook(#""dialect":"crystallize""#, path: "/dialect")
            #expect(byDialect.json.number("retry.maxAttempts") == 1)
            let event = try await scene.post("order-created")
            for webhook in [named, byDialect] {
                #expect(try await scene.invocations(of: webhook)[0].bool("final") == true)
            }
            #expect(try await scene.drained().map(\.path).sorted() == ["/dialect", "/named"])
            let states = try await scene.get("/company/events/\(event.id)/deliveries").data
            #expect(states.map { $0.text("state") } == ["failed", "failed"])
        }

        @Test("Row 38: a webhook that was deleted is gone with its history, and its id does not come back")
        func row038Deleted() async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook()
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0].text("id") ?? ""
            #expect(try await scene.ask("DELETE", webhook.path).status == 204)
            let paths = [webhook.path, webhook.path + "/invocations", "/company/invocations/" + invocation]
            for path in paths { #expect(try await scene.ask("GET", path).status == 404, "\(path)") }
            #expect(try await scene.ask("PATCH", webhook.path, #"{"isEnabled":true}"#).status == 404)
            #expect(try await scene.ask("POST", webhook.path + "/restore").status == 404)
            #expect(try await scene.makeWebhook().id != webhook.id)
            #expect(try await scene.get("/company/webhooks").data.count == 1)
        }
    }
}
