import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: time, connections, failures.
    @Suite struct Promises003DeliveryTests {
        private let once = #""retry":{"maxAttempts":1}"#

        @Test("Rows 103–105 and 109: 5 s in all and 1 s to connect; what takes longer counts as a failure")
        func row103Timeouts() async throws {
            let scene = try await Scene.open {
                switch $0.path {
                case "/1900": .ok.with { $0.delay = .milliseconds(1900) }
                case "/4000": .ok.with { $0.delay = .milliseconds(4000) }
                case "/head": .ok.with { $0.bytesPerSecond = 4 }  // ten seconds for the head alone
                case "/body": .drip(bytes: 1_000_000, bytesPerSecond: 100)
                default: .hang
                }
            }
            let hole = try BlackHole()
            var webhooks: [String: Scene.Webhook] = [:]
            for path in ["/1900", "/4000", "/head", "/body", "/never"] {
                webhooks[path] = try await scene.makeWebhook(once, path: path)
            }
            webhooks["/hole"] = try await scene.makeWebhook(once, url: "http://127.0.0.1:\(hole.port)/")
            #expect(try await scene.post("order-created").deliveries == webhooks.count)
            for (path, webhook) in webhooks {
                let invocation = try await scene.invocations(of: webhook)[0]
                let (outcome, fault) = (invocation.text("outcome"), invocation.text("error.class"))
                let duration = try #require(invocation.number("durationMs"))
                switch path {
                case "/1900", "/4000": #expect(outcome == "succeeded", "\(path): \(fault ?? "")")
                case "/hole":
                    #expect(fault == "connect_timeout" && (900..<4500).contains(duration), "\(duration) ms")
                default: #expect(fault == "timeout" && (4700..<10000).contains(duration), "\(path): \(duration) ms")
                }
            }
            let late = try #require(webhooks["/never"])
            let total = try await scene.total(of: late) { $0.number("failed") == 1 }
            #expect(total.number("errors.timeout") == 1 && total.number("succeeded") == 0)
        }

        @Test("Rows 106 and 107: requests to one endpoint share a connection; a receiver that closes it works too")
        func row106KeepAlive() async throws {
            let scene = try await Scene.open()
            let closing = try TestReceiver { _ in
                ReceiverAnswer(headers: [("Connection", "close")]).with { $0.ending = .closed }
            }
            _ = try await scene.makeWebhook(#""maxConcurrency":1"#)
            _ = try await scene.makeWebhook(#""maxConcurrency":1"#, events: ["order-updated"], url: closing.url())
            let events = (0..<100).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# }
            _ = try await scene.post(
                batch: events + (0..<10).map { #"{"type":"order-updated","data":{"id":"\#($0)"}}"# })
            try await scene.receiver.waitForRequests(100, within: .seconds(30))
            #expect(scene.receiver.connectionCount <= 3, "\(scene.receiver.connectionCount) connections")
            try await closing.waitForRequests(10)
            try await scene.drained()
            #expect(closing.requests.count == 10 && closing.connectionCount == 10)
        }

        @Test("Rows 71, 90 and 108: a burst reaches the receiver whole, never with more at once than is set")
        func row108Burst() async throws {
            let current = Counter()
            let scene = try await Scene.open { _ in
                current.during { usleep(5000) }
                return .ok
            }
            _ = try await scene.makeWebhook(#""maxConcurrency":4"#, events: ["order-created", "order-updated"])
            var accepted: [String] = []
            for part in 0..<3 {
                let type = part == 1 ? "order-updated" : "order-created"
                let batch = (0..<100).map { #"{"type":"\#(type)","data":{"id":"\#(part)-\#($0)"}}"# }
                accepted += try await scene.post(batch: batch).map(\.id)
            }
            try await scene.receiver.waitForRequests(300, within: .seconds(60))
            let requests = try await scene.drained()
            #expect(requests.compactMap { $0.header("webhook-id") }.sorted() == accepted.sorted())
            #expect((1...4).contains(current.most), "\(current.most) at once")
        }

        @Test("Row 102: what failed in a span of time can be sent again")
        func row102Replay() async throws {
            let scene = try await Scene.open { .status($0.number < 3 ? 500 : 200) }
            let webhook = try await scene.makeWebhook(once + #","maxConcurrency":1"#)
            let since = webhook.json.text("createdAt") ?? ""
            let failed = try await scene.post(
                batch: (0..<3).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            try await scene.invocations(of: webhook, 3)
            let good = try await scene.post("order-created")
            try await scene.invocations(of: webhook, 4)
            let reply = try await scene.ask("POST", webhook.path + "/replay", #"{"since":"\#(since)"}"#)
            #expect(reply.status == 202, "\(reply.text)")
            let path = "/company/replays/\(reply.json?.text("id") ?? "")"
            let replay = try await scene.wait(for: "the end of the replay") {
                let replay = try await scene.get(path).json
                return replay?.text("state") == "finished" ? replay : nil
            }
            #expect(replay.number("matched") == 3 && replay.number("queued") == 3)
            let history = try await scene.invocations(of: webhook, 7)
            let again = history.filter { $0.text("trigger") == "replay" }
            #expect(Set(again.compactMap { $0.text("eventId") }) == Set(failed.map(\.id)) && again.count == 3)
            #expect(again.allSatisfy { $0.text("outcome") == "succeeded" })
            let messages = try await scene.drained().compactMap { $0.header("webhook-id") }
            #expect(messages.sorted() == (failed + failed + [good]).map(\.id).sorted())
        }

        @Test("Rows 113, 118 and 119: every retry repeats id, trigger time and body, within a day")
        func row113Retries() async throws {
            let scene = try await Scene.open(.status(500), .status(503), .ok)
            let webhook = try await scene.makeWebhook(#""retry":{"schedule":[1]}"#)
            let event = try await scene.post("order-created", #"{"id":"1","total":10.1125}"#)
            let requests = try await scene.receiver.waitForRequests(3, within: .seconds(30))
            #expect(Set(requests.compactMap { $0.header("webhook-id") }) == [event.id])
            let accepted = try await scene.get("/company/events/\(event.id)").json?.text("createdAt")
            for request in requests { #expect(request.header("x-martlet-triggered-at") == accepted) }
            #expect(Set(requests.map(\.bodyText)).count == 1)
            #expect(requests.map { $0.header("x-martlet-attempt") } == ["1", "2", "3"])
            #expect(try await scene.invocations(of: webhook, 3).last?.bool("final") == true)
            for dialect in ["standard", "shopery"] {
                let made = try await scene.tryWebhook(#""dialect":"\#(dialect)""#, url: "https://test.com/wh")
                let schedule = try #require(made.json?.at("retry.schedule")).elements.compactMap { $0.integer }
                let attempts = try #require(made.json?.number("retry.maxAttempts"))
                let waits = (0..<attempts - 1).map { Double(schedule[min($0, schedule.count - 1)]) }
                #expect(attempts > 1 && waits.reduce(0, +) <= 86400, "\(dialect)")
            }
        }

        @Test("Row 114: the metrics count what the receiver counts, by webhook and by time")
        func row114Metrics() async throws {
            let scene = try await Scene.open { .status($0.path == "/bad" && $0.number % 2 == 0 ? 503 : 200) }
            let bad = try await scene.makeWebhook(once, path: "/bad")
            let good = try await scene.makeWebhook(events: ["customer-created"], path: "/good")
            _ = try await scene.post(batch: (0..<20).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            try await scene.receiver.waitForRequests(20)
            try await scene.post("customer-created")
            let requests = try await scene.receiver.waitForRequests(21)
            let refused = requests.count { $0.path == "/bad" && $0.number % 2 == 0 }
            let total = try await scene.total(of: bad) {
                ($0.number("failed") ?? 0) + ($0.number("succeeded") ?? 0) == 20
            }
            #expect(total.number("failed") == refused && total.number("errors.http_5xx") == refused)
            #expect(total.at("successRate")?.double == Double(20 - refused) / 20)
            try await scene.total(of: good) { $0.number("succeeded") == 1 && $0.number("failed") == 0 }
            let whole = try await scene.wait(for: "the tenant's metrics") {
                let metrics = try await scene.get("/company/metrics?interval=minute").json
                return metrics?.number("total.succeeded") == 21 - refused ? metrics : nil
            }
            #expect(whole.number("total.failed") == refused)
            let buckets = try #require(whole.member("buckets")).elements
            #expect(buckets.reduce(0) { $0 + ($1.number("failed") ?? 0) } == refused)
            #expect(buckets.reduce(0) { $0 + ($1.number("succeeded") ?? 0) } == 21 - refused)
        }
    }
}
