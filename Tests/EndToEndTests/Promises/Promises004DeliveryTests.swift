import Foundation
import JSON
import TestSupport
import Testing
import Webhooks

extension EndToEnd {
    /// Document 004: what a webhook does from outside; what its page shows is `Tests/Portal`.
    @Suite struct Promises004DeliveryTests {
        private let once = #""retry":{"maxAttempts":1}"#

        @Test("Rows 149, 167 and 174: orders, customers, products and others are sent as soon as the webhook is saved")
        func row149Resources() async throws {
            let scene = try await Scene.open()
            let types = ["order-created", "customer-created", "product-updated", "payment-completed"]
            let got = try await scene.deliverEach(of: types) { #"{"id":"\#($0)"}"# }
            #expect(try got.onePerKey().keys.sorted() == types.sorted())
        }

        @Test("Rows 163 and 164: a pair that is none is refused; http and https are taken, ftp is not")
        func row163Destinations() async throws {
            let scene = try await Scene.open()
            let wrong = try await scene.tryWebhook(events: ["order-inventory_updated"])
            #expect(wrong.status == 422 && wrong.fields == ["events[0]"])
            #expect(try await scene.tryWebhook(url: "https://test.com/wh").status == 201)
            #expect(try await scene.tryWebhook(url: "http://test.com/wh").status == 201)
            let ftp = try await scene.tryWebhook(url: "ftp://test.com/wh")
            #expect(ftp.status == 422 && ftp.fields == ["url"])
        }

        @Test("Row 172: once a webhook is deleted no request starts, and nothing is owed to it")
        func row172Delete() async throws {
            let scene = try await Scene.open { _ in
                usleep(20_000)
                return .ok
            }
            let webhook = try await scene.makeWebhook(#""maxConcurrency":2"#)
            _ = try await scene.post(batch: (0..<400).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            try await scene.receiver.waitForRequests(5, within: .seconds(30))
            #expect(try await scene.ask("DELETE", webhook.path).status == 204)
            let deleted = ContinuousClock.now
            #expect(try await scene.get("/company/deliveries").data.isEmpty)
            // An event that is sent afterwards shows that the queue went on without it.
            _ = try await scene.makeWebhook(path: "/after")
            try await scene.post("order-created")
            try await scene.wait(for: "the next webhook's request") {
                scene.receiver.requests.contains { $0.path == "/after" } ? () : nil
            }
            let late = scene.receiver.requests.filter { $0.path == "/hook" && $0.arrivedAt > deleted + .seconds(1) }
            #expect(late.isEmpty, "\(late.count) requests")
            #expect(scene.receiver.requests.count { $0.path == "/hook" } < 400)
            #expect(try await scene.ask("GET", webhook.path).status == 404)
        }

        @Test("Rows 175 and 187: 500, 500, 200 are three requests of one event, each with its answer in the history")
        func row175Retries() async throws {
            let scene = try await Scene.open { request in
                ReceiverAnswer(status: request.number < 2 ? 500 : 200, body: "answer \(request.number)")
            }
            let webhook = try await scene.makeWebhook(#""retry":{"schedule":[1,3]}"#)
            let event = try await scene.post("order-created")
            let requests = try await scene.receiver.waitForRequests(3, within: .seconds(60))
            #expect(Set(requests.compactMap { $0.header("webhook-id") }) == [event.id])
            let gaps = zip(requests, requests.dropFirst()).map { $0.arrivedAt.duration(to: $1.arrivedAt) }
            // ±20 %, and never sooner.
            #expect(gaps[0] >= .milliseconds(750) && gaps[1] >= .milliseconds(2300), "\(gaps)")
            let history = try await scene.invocations(of: webhook, 3)
            #expect(history.map { $0.text("outcome") } == ["failed", "failed", "succeeded"])
            #expect(history.map { $0.text("error.class") } == ["http_5xx", "http_5xx", nil])
            #expect(history.map { $0.number("response.status") } == [500, 500, 200])
            #expect(history.map { $0.text("response.body") } == ["answer 0", "answer 1", "answer 2"])
            #expect(history.allSatisfy { $0.at("response.headers")?.isObject == true })
        }

        @Test("Row 176: tries end as the policy says, and the delivery has failed")
        func row176Bounds() async throws {
            let scene = try await Scene.open(.status(500))
            let webhook = try await scene.makeWebhook(#""retry":{"maxAttempts":3,"schedule":[1]}"#)
            let event = try await scene.post("order-created")
            let history = try await scene.invocations(of: webhook, 3)
            #expect(history.map { $0.bool("final") } == [false, false, true])
            #expect(history.last?.at("nextAttemptAt")?.isNull == true)
            try await scene.drained()
            let deliveries = try await scene.get("/company/events/\(event.id)/deliveries").data
            #expect(deliveries.map { $0.text("state") } == ["failed"])
            #expect(scene.receiver.requests.count == 3)
        }

        @Test("Rows 177 and 179: what is switched off sends nothing, and stays so until somebody switches it on")
        func row179Manual() async throws {
            let scene = try await Scene.open { .status($0.number == 0 ? 410 : 200) }
            let webhook = try await scene.makeWebhook()
            try await scene.post("order-created")
            let disabled = try await scene.wait(for: "the webhook to be disabled") {
                let json = try await scene.get(webhook.path).json
                return json?.text("status") == "disabled" ? json : nil
            }
            #expect(disabled.text("disabledReason") != nil && disabled.bool("isEnabled") == false)
            try await scene.post("order-created", #"{"id":"2"}"#)
            // Another webhook's request shows that the event was handled.
            _ = try await scene.makeWebhook(path: "/other")
            try await scene.post("order-created", #"{"id":"3"}"#)
            try await scene.wait(for: "the other's request") {
                scene.receiver.requests.contains { $0.path == "/other" } ? () : nil
            }
            #expect(scene.receiver.requests.count { $0.path == "/hook" } == 1)
            #expect(try await scene.get(webhook.path).json?.text("status") == "disabled")
            try await scene.patch(webhook, #""isEnabled":true"#)
            try await scene.wait(for: "what was kept") {
                scene.receiver.requests.count { $0.path == "/hook" } == 3 ? () : nil
            }
            #expect(try await scene.get(webhook.path).json?.text("status") == "active")
        }

        @Test("Row 188: a receiver that says when to come again is left alone until then, and no other is")
        func row188RetryAfter() async throws {
            let scene = try await Scene.open { request in
                guard request.path == "/hook", request.number == 0 else { return .ok }
                return ReceiverAnswer.status(429).with { $0.headers = [("Retry-After", "3")] }
            }
            _ = try await scene.makeWebhook(#""retry":{"schedule":[1]}"#)
            try await scene.post("order-created")
            let first = try await scene.receiver.waitForRequests(1, within: .seconds(30))[0]
            _ = try await scene.makeWebhook(path: "/other")
            try await scene.post("order-created", #"{"id":"2"}"#)
            let requests = try await scene.receiver.waitForRequests(4, within: .seconds(60))
            let own = requests.filter { $0.path == "/hook" }
            #expect(own.dropFirst().allSatisfy { first.arrivedAt.duration(to: $0.arrivedAt) >= .milliseconds(2900) })
            #expect(requests.firstIndex { $0.path == "/other" } == 1, "the other one did not wait")
        }

        @Test("Rows 189–192: rate, times, errors and queue are those that the receiver sees")
        func row189Metrics() async throws {
            let scene = try await Scene.open { request in
                ReceiverAnswer.status(request.number % 5 == 0 ? 503 : 200).with { $0.delay = .milliseconds(60) }
            }
            let webhook = try await scene.makeWebhook(once + #","maxConcurrency":1"#)
            _ = try await scene.post(batch: (0..<20).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            let total = try await scene.total(of: webhook) {
                ($0.number("succeeded") ?? 0) + ($0.number("failed") ?? 0) == 20
            }
            #expect(total.at("successRate")?.double == 0.8 && total.number("failed") == 4)
            #expect(total.at("errors")?.compactText == #"{"http_5xx":4}"#)
            #expect((total.at("responseTimeMs.p50")?.double ?? 0) >= 50)
            try await scene.patch(webhook, #""isEnabled":false"#)
            _ = try await scene.post(batch: (0..<100).map { #"{"type":"order-created","data":{"id":"q\#($0)"}}"# })
            try await scene.total(of: webhook) { $0.number("queueDepth") == 100 }
            // Looked at every ten seconds, and kept when it has drained.
            try await scene.wait(for: "the depth over time", within: .seconds(60)) {
                let buckets = try await scene.get(webhook.path + "/metrics?interval=minute").json?.at("buckets")
                return buckets?.elements.contains { $0.number("queueDepth") == 100 } == true ? () : nil
            }
            try await scene.patch(webhook, #""isEnabled":true,"maxConcurrency":32"#)
            try await scene.total(of: webhook) { $0.number("queueDepth") == 0 }
        }

        @Test("Rows 186 and 193: what takes longer than the timeout has a class of its own")
        func row193Timeouts() async throws {
            let scene = try await Scene.open(.hang)
            let webhook = try await scene.makeWebhook(once + #","timeoutMs":300"#)
            #expect(try await scene.tryWebhook().json?.number("timeoutMs") == 5000)
            try await scene.post("order-created")
            let invocation = try await scene.invocations(of: webhook)[0]
            #expect(invocation.text("error.class") == "timeout" && invocation.text("error.detail") != nil)
            #expect(invocation.at("response")?.isNull == true)
        }
    }
}
