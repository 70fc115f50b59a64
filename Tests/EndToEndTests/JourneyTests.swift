import Foundation
import Testing
import Webhooks

@testable import CommandLineTool

extension EndToEnd {
    /// What a tenant and a producer meet.
    @Suite struct JourneyTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        private struct Invocation: Decodable {
            let attempt: Int
            let outcome: String
            let final: Bool
            let trigger: String
        }
        private struct Page: Decodable { let data: [Invocation] }

        @Test func theSeedsRequestWorksVerbatim() async throws {
            let caller = try await Caller.newTenant(of: stack)
            let body =
                #"{"name":"webhook test","url":"https://test.com/wh","events":["order-created"],"isEnabled":true}"#
            let answer = try await caller.api.send("POST", "/company/webhooks", body: Array(body.utf8))
            #expect(answer.status == 201, "\(answer.text)")
            let made: Caller.Made = try answer.decoded()
            #expect(made.id.contains(try Regex("^wbh_[0-7][0-9A-HJKMNP-TV-Z]{25}$")))
            #expect(made.secret.hasPrefix("whsec_"))
        }

        @Test func twoFailuresAndASuccess() async throws {
            let caller = try await Caller.newTenant(of: stack)
            try await Inbox.open(Misbehaviour(statuses: [500, 500, 200])) { inbox, url in
                let webhook = try await caller.makeWebhook(to: url, more: #""retry":{"schedule":[1,2]}"#)
                let accepted = try #require(try await caller.post(order: 1))
                #expect(accepted.deliveries == 1)
                let path = "/company/webhooks/\(webhook.id)/invocations"
                var history: [Invocation] = []
                let isSettled = try await Deadline.wait(for: .seconds(30)) {
                    let page: Page = try await caller.api.require([200], "GET", path).decoded()
                    history = page.data.reversed()
                    return history.last?.final == true
                }
                #expect(isSettled)
                #expect(history.map(\.attempt) == [1, 2, 3])
                #expect(history.map(\.outcome) == ["failed", "failed", "succeeded"])
                #expect(history.map(\.final) == [false, false, true])
                #expect(history.allSatisfy { $0.trigger == "event" })

                let requests = inbox.all
                #expect(requests.map(\.message) == Array(repeating: accepted.id, count: 3))
                #expect(requests.map { $0.content.headers["x-martlet-attempt"] } == ["1", "2", "3"])
                if requests.count == 3 {  // growing gaps: 1 s and 2 s, each ± 20 %
                    #expect(requests[1].at - requests[0].at < requests[2].at - requests[1].at)
                }
                let check = SignatureCheck(secrets: [try SigningSecret(parsing: webhook.secret)])
                for request in requests { #expect(check.fault(of: request.content, now: .now) == nil) }
            }
        }

        @Test func theSameIdIsTakenOnce() async throws {
            let caller = try await Caller.newTenant(of: stack)
            try await Inbox.open { inbox, url in
                _ = try await caller.makeWebhook(to: url)
                let body = Array(#"{"type":"order-created","id":"mine","data":{"id":"1"}}"#.utf8)
                func post(_ body: [UInt8]) async throws -> ServiceClient.Answer {
                    try await caller.ingester.send("POST", "/company/events", body: body)
                }
                let first: Caller.Accepted = try await post(body).decoded()
                let second: Caller.Accepted = try await post(body).decoded()
                #expect(!first.duplicate && second.duplicate && first.id == second.id)
                let other = Array(#"{"type":"order-created","id":"mine","data":{"id":"2"}}"#.utf8)
                #expect(try await post(other).status == 409)
                let last = try #require(try await caller.post(order: 2))
                #expect(try await inbox.receives(2, within: .seconds(20)))
                #expect(inbox.all.map(\.message).sorted() == [first.id, last.id].sorted())
            }
        }

        @Test func strangersAreKeptOut() async throws {
            let (mine, theirs) = (try await Caller.newTenant(of: stack), try await Caller.newTenant(of: stack))
            let webhook = try await theirs.makeWebhook(to: "http://127.0.0.1:9/hook")
            func status(_ client: ServiceClient, _ path: String = "/company/webhooks") async throws -> Int {
                try await client.send("GET", path).status
            }
            var client = mine.api
            #expect(try await status(client) == 200)
            #expect(try await status(client, "/company/webhooks/\(webhook.id)") == 404)
            #expect(try await status(client, "/company/webhooks/\(webhook.id)/invocations") == 404)
            client.tenant = theirs.tenant
            #expect(try await status(client) == 403)
            client.tenant = nil
            #expect(try await status(client) == 400)
            client.tenant = mine.tenant
            client.token = nil
            #expect(try await status(client) == 401)
            client.token = mine.api.token.map { String($0.dropLast(4)) + "AAAA" }
            #expect(try await status(client) == 401)
            let event = Array(#"{"type":"order-created","data":{}}"#.utf8)
            var producer = mine.ingester
            producer.tenant = theirs.tenant
            #expect(try await producer.send("POST", "/company/events", body: event).status == 403)
            producer.token = nil
            #expect(try await producer.send("POST", "/company/events", body: event).status == 401)
        }

        @Test(
            "An event that is none is refused",
            arguments: [
                (#"{"type":"order-created","data":{}"#, 400), ("[", 400), ("", 400),
                (#"{"type":"no-such-thing","data":{}}"#, 422),
                (#"{"type":"order-created","data":[]}"#, 422), (#"{"type":"order-created"}"#, 422),
                (#"{"type":"order-created","data":{"a":"\u0000"}}"#, 422), (#"{"type":1,"data":{}}"#, 422),
            ])
        func refusal(body: String, status: Int) async throws {
            let caller = try await Caller.of("demo", in: stack)
            let answer = try await caller.ingester.send("POST", "/company/events", body: Array(body.utf8))
            #expect(answer.status == status, "\(answer.text)")
        }

        @Test func anEventThatIsTooBigIsRefused() async throws {
            let caller = try await Caller.of("demo", in: stack)
            let text = String(repeating: "x", count: 256 << 10)
            let body = Array(#"{"type":"order-created","data":{"text":"\#(text)"}}"#.utf8)
            #expect(try await caller.ingester.send("POST", "/company/events", body: body).status == 413)
        }
    }
}
