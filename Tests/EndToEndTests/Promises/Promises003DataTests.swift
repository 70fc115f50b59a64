import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: whose data a request has, how much of it, and how often.
    @Suite struct Promises003DataTests {
        private func order(_ version: Int) -> String {
            #"{"id":"o1","version":\#(version),"updated_at":"t\#(version)"}"#
        }

        @Test("Rows 111 and 112: what was held up arrives with the newest data, under the id of its own event")
        func row111NewestData() async throws {
            let scene = try await Scene.open { .status($0.bodyText.contains(#""version":2"#) ? 200 : 503) }
            let webhook = try await scene.makeWebhook(#""retry":{"schedule":[1]}"#)
            let event = try await scene.post("order-created", order(1))
            try await scene.invocations(of: webhook)
            #expect(try await scene.post("order-updated", order(2)).deliveries == 0)
            let last = try #require(try await scene.drained().last)
            #expect(last.header("webhook-id") == event.id)
            #expect(try last.json.member("data")?.compactText == order(2))
            #expect(try last.json.text("type") == "order-created")
            let history = try await scene.invocations(of: webhook, scene.receiver.requests.count)
            #expect(history.last?.text("request.payload") == last.bodyText)
        }

        /// Attempts at one event, whose resource changes after the first.
        private func bodies(_ members: String, then type: String, _ data: String) async throws -> [Scene.Request] {
            let scene = try await Scene.open(.status(500))
            _ = try await scene.makeWebhook(#""retry":{"schedule":[1]}"# + members, events: ["product-created"])
            let event = try await scene.post("product-created", #"{"id":"p1","version":1}"#)
            try await scene.receiver.waitForRequests(1)
            try await scene.post(type, data)
            // One may have been on its way already; what follows it has been made later.
            let failed = try await scene.receiver.waitForRequests(scene.receiver.requests.count + 1).count
            scene.receiver.answer { _ in .ok }
            let requests = try await scene.receiver.waitForRequests(failed + 1, within: .seconds(30))
            #expect(Set(requests.compactMap { $0.header("webhook-id") }) == [event.id])
            #expect(Set(requests.compactMap { $0.header("x-martlet-triggered-at") }).count == 1)
            return requests
        }

        @Test(
            "Row 112: of a resource deleted meanwhile the last that is known is sent; a snapshot stays as it was"
        )
        func row112Deleted() async throws {
            let deleted = #"{"id":"p1","deletedAt":"2026-01-01T00:00:00.000Z"}"#
            let latest = try await bodies("", then: "product-deleted", deleted)
            #expect(try latest.last?.json.at("data")?.compactText == deleted)
            let snapshot = try await bodies(#","data":"snapshot""#, then: "product-deleted", deleted)
            #expect(try snapshot.last?.json.at("data")?.compactText == #"{"id":"p1","version":1}"#)
            #expect(Set(snapshot.map(\.bodyText)).count == 1)
        }

        @Test("Rows 92 and 115: a filter takes some orders, and fields some of their members, in each dialect")
        func row115Fields() async throws {
            let scene = try await Scene.open()
            let members = #""filter":{"data":{"items":{"weight":[{"numeric":[">",10]}]}}},"fields":["id","items.sku"]"#
            _ = try await scene.makeWebhook(members, path: "/standard")
            _ = try await scene.makeWebhook(members + #","dialect":"crystallize""#, path: "/crystallize")
            let light = #"{"id":"o1","items":[{"sku":"A","weight":10}]}"#
            let heavy = #"{"id":"o2","total":1,"items":[{"sku":"A","weight":2},{"sku":"B","weight":10.5}]}"#
            let accepted = try await scene.post(
                batch: [light, heavy].map { #"{"type":"order-created","data":\#($0)}"# })
            #expect(accepted.map(\.deliveries) == [0, 2])
            try await scene.receiver.waitForRequests(2)
            let requests = try await scene.drained()
            let standard = try #require(requests.first { $0.path == "/standard" }).json
            #expect(standard.member("data")?.compactText == #"{"id":"o2","items":[{"sku":"A"},{"sku":"B"}]}"#)
            let other = try #require(requests.first { $0.path == "/crystallize" }).json
            #expect(other.text("id") == "o2" && other.member("total") == nil)
            let wrong = try await scene.tryWebhook(#""filter":{"data":{"total":[{"numeric":[">","x"]}]}}"#)
            #expect(wrong.status == 422 && wrong.fields == ["filter.data.total[0].numeric[1]"], "\(wrong.text)")
        }

        @Test(
            "Rows 116 and 117: updates that differ in nothing that is sent are dropped, and shown",
            arguments: [("\"id\"", ["succeeded", "debounced"]), (#""id","updated_at""#, ["succeeded", "succeeded"])])
        func row116Debounce(fields: String, outcomes: [String]) async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook(#""fields":[\#(fields)]"#, events: ["order-updated"])
            for version in 1...2 {
                try await scene.post("order-updated", order(version))
                try await scene.invocations(of: webhook, version)
            }
            let history = try await scene.invocations(of: webhook, 2)
            #expect(history.map { $0.text("outcome") } == outcomes)
            #expect(history.allSatisfy { $0.bool("final") == true && $0.text("event") == "order-updated" })
            let dropped = history.filter { $0.text("outcome") == "debounced" }
            #expect(dropped.allSatisfy { $0.member("request")?.isNull == true && $0.member("error")?.isNull == true })
            #expect(try await scene.drained().count == outcomes.count { $0 == "succeeded" })
            let deliveries = try await scene.get("/company/events/\(history[1].text("eventId") ?? "")/deliveries").data
            #expect(deliveries.map { $0.text("state") } == [outcomes[1]])
        }
    }
}
