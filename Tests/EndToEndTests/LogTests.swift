import Curl
import Foundation
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// What the services write to standard error, read as a program would read it.
    @Suite struct LogTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        private static let parent = "00-\(trace)-00f067aa0ba902b7-01"

        /// One request, with fields of its own.
        private func send(
            _ client: ServiceClient, _ method: String, _ path: String, _ fields: [(name: String, value: String)],
            body: String
        ) async throws -> HTTPResponse {
            var request = OutboundRequest(
                method: method, url: client.url + path,
                headers: fields + [
                    ("content-type", "application/json"), ("authorization", "Bearer " + (client.token ?? "")),
                    ("x-tenant-id", client.tenant ?? ""),
                ], body: Array(body.utf8), timeout: .seconds(10), connectTimeout: .seconds(2))
            request.keptBodyBytes = 1 << 20
            return try await client.engine.send(request).result.get()
        }

        /// The line once it is there: it is written after the answer.
        private func line(_ service: String, where isMeant: @Sendable (LogLine) -> Bool) async throws -> LogLine {
            var found: LogLine?
            _ = try await Deadline.wait(for: .seconds(20)) {
                found = try lines(of: service).last(where: isMeant)
                return found != nil
            }
            return try #require(found)
        }

        private func lines(of service: String) throws -> [LogLine] {
            let text = try String(contentsOfFile: stack.folder + "/log/\(service).log", encoding: .utf8)
            return try text.split(separator: "\n").map { try LogLine(String($0)) }
        }

        @Test func anEventIsFollowedThroughTheServices() async throws {
            try await Inbox.open(Misbehaviour(statuses: [500, 200])) { [stack] inbox, url in
                let caller = try await Caller.newTenant(of: stack)
                _ = try await caller.makeWebhook(to: url, more: #""retry":{"schedule":[1]}"#)
                let answer = try await send(
                    caller.ingester, "POST", "/company/events",
                    [("x-request-id", "order/4711"), ("traceparent", Self.parent), ("tracestate", "shop=a, b@c=d")],
                    body: #"{"type":"order-created","data":{"id":"1"}}"#)
                #expect(answer.status == 202 && answer.field("x-request-id") == "order/4711")
                let event = try JSONDecoder().decode(Caller.Accepted.self, from: Data(answer.body)).id
                #expect(try await Deadline.wait(for: .seconds(30)) { inbox.all.count == 2 })

                // The receiver: one trace, a span for each attempt.
                let received = inbox.all.map(\.content.headers)
                let parents = received.compactMap { $0["traceparent"]?.split(separator: "-") }
                #expect(parents.count == 2 && parents.allSatisfy { $0[0] == "00" && $0[1] == Self.trace[...] })
                #expect(Set(parents.map { $0[2] }).union(["00f067aa0ba902b7"]).count == 3)
                #expect(parents.allSatisfy { $0[3] == "01" })
                #expect(received.allSatisfy { $0["tracestate"] == "shop=a,b@c=d" })

                // The ingester: one line of the request, with what it was about.
                let taken = try await line("ingester") {
                    $0["requestId"] == "order/4711" && $0["message"] == "Answered"
                }
                #expect(taken["tenant.id"] == caller.tenant && taken["trace.id"] == Self.trace)
                #expect(taken.members["event.ids"] as? [String] == [event])
                #expect(taken.members["http.status"] as? Int == 202)

                // The worker: a line for each attempt, by the event's id and the trace's.
                _ = try await line("delivery") { $0["event.id"] == event && $0.members["attempt"] as? Int == 2 }
                let ended = try lines(of: "delivery").filter { $0["event.id"] == event }
                #expect(ended.map { $0["message"] } == ["Invocation ended", "Invocation ended"])
                #expect(ended.map { $0.members["http.status"] as? Int } == [500, 200])
                #expect(ended.map { $0["span.id"] } == parents.map { String($0[2]) })
                #expect(ended.allSatisfy { $0["trace.id"] == Self.trace && $0["tenant.id"] == caller.tenant })
            }
        }

        @Test func whatIsNoTraceIsNoError() async throws {
            try await Inbox.open { [stack] inbox, url in
                let caller = try await Caller.newTenant(of: stack)
                _ = try await caller.makeWebhook(to: url)
                let answer = try await send(
                    caller.ingester, "POST", "/company/events",
                    [("traceparent", "00-nonsense"), ("tracestate", "shop=a")],
                    body: #"{"type":"order-created","data":{"id":"1"}}"#)
                #expect(answer.status == 202)
                #expect(try await inbox.receives(1, within: .seconds(30)))
                let headers = try #require(inbox.all.first).content.headers
                #expect(headers["traceparent"] == nil && headers["tracestate"] == nil)
            }
        }

        @Test(
            "A request has one id, in its answer and in all its lines",
            arguments: [("abc-1", true), ("a b", false), (String(repeating: "x", count: 129), false)])
        func oneID(given: String, isTaken: Bool) async throws {
            let caller = try await Caller.newTenant(of: stack)
            let answer = try await send(
                caller.api, "POST", "/company/webhooks", [("x-request-id", given)], body: #"{"name":""}"#)
            #expect(answer.status == 422)
            let id = try #require(answer.field("x-request-id"))
            #expect((id == given) == isTaken)
            let body = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            #expect(body?["requestId"] as? String == id)
            let line = try await line("api") { $0["requestId"] == id && $0["tenant.id"] == caller.tenant }
            #expect(line["message"] == "Answered" && line.members["http.status"] as? Int == 422)
        }

        /// At the level of which most is written. What each member means is in docs/logs.md.
        @Test func everyLineIsJSONWithItsKeys() async throws {
            let levels: Set = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
            for service in StackService.allCases {
                let lines = try lines(of: service.rawValue)
                #expect(lines.count > 1)
                for line in lines {
                    #expect(line["service"] == service.rawValue && levels.contains(line["level"] ?? ""), "\(line.text)")
                    let time = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(line["time"] ?? "")
                    #expect(abs(time.timeIntervalSinceNow) < 86400, "\(line.text)")
                    #expect(line["message"]?.isEmpty == false, "\(line.text)")
                }
            }
        }
    }
}

/// A line of a service's log.
private struct LogLine {
    let text: String
    let members: [String: Any]

    /// - Throws: where it is no JSON object.
    init(_ text: String) throws {
        self.text = text
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        members = try #require(value as? [String: Any], "\(text)")
    }

    subscript(name: String) -> String? { members[name] as? String }
}

extension HTTPResponse {
    fileprivate func field(_ name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
