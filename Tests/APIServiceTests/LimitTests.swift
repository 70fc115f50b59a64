import HTTPTypes
import JSON
import Tenancy
import Testing
import Webhooks

@testable import APIService

/// Each limit of a request at, below and above it.
@Suite("Limits")
struct LimitTests {
    @Test("A tenant's requests a second: headers tell what is left, 429 when to come again")
    func rates() async throws {
        try await withAPI { api, _ in
            try await api.makeTenant("fast")
            try await api.makeTenant("slow", settings: #"{"rateLimits":{"apiPerSecond":1}}"#)
            let fast = api.with { $0.tenant = "fast" }, slow = api.with { $0.tenant = "slow" }
            let free = try await fast.send(.get, "/company/webhooks")
            #expect(free.status == 200 && free.headers[.rateLimit] == nil)
            // One token a second: of many at once, one goes; a second later at the latest the next does.
            let first = try await slow.send(.get, "/company/webhooks")
            #expect(first.status == 200 && first.headers[.rateLimitPolicy] == #""api";q=1;w=1"#)
            var refused: Answer?
            for _ in 0..<50 where refused == nil {
                let answer = try await slow.send(.get, "/company/webhooks/x")
                #expect([404, 429].contains(answer.status) && answer.headers[.rateLimit] != nil)
                if answer.status == 429 { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.headers[.retryAfter] == "1" && answer.headers[.rateLimit] == #""api";r=0;t=1"#)
            #expect(try answer.string("code") == "too_many_requests")
            #expect(try await fast.send(.get, "/company/webhooks").status == 200)
        }
    }

    @Test("A body's size", arguments: [(-1, 422), (0, 422), (1, 413)])
    func bodies(over: Int, status: Int) async throws {
        try await withAPI { api, _ in
            let frame = #"{"name":""}"#.utf8.count
            let name = String(repeating: "n", count: 512 * 1024 - frame + over)
            let answer = try await api.send(.post, "/company/webhooks", #"{"name":"\#(name)"}"#)
            #expect(answer.status == status)
        }
    }

    @Test("A document's depth", arguments: [(63, "wrong_type"), (64, "wrong_type"), (65, "too_deep")])
    func depth(levels: Int, code: String) async throws {
        try await withAPI { api, _ in
            let body = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            let answer = try await api.send(.post, "/company/webhooks", body)
            #expect(answer.status == 422)
            #expect(try answer.faults == [" \(code)"])
        }
    }

    @Test("Webhooks of a tenant", arguments: [(2, 201), (1, 422)])
    func webhooks(limit: Int, second: Int) async throws {
        try await withAPI { api, _ in
            try await api.makeTenant("small", settings: #"{"maxWebhooks":\#(limit)}"#)
            let small = api.with { $0.tenant = "small" }
            _ = try await small.makeWebhook()
            let answer = try await small.send(.post, "/company/webhooks", TestAPI.body(""))
            #expect(answer.status == second)
            if second == 422 { #expect(try answer.faults == [" limit_reached"]) }
        }
    }

    @Test("What a page may hold", arguments: [(0, 400), (1, 200), (100, 200), (101, 400)])
    func pages(limit: Int, status: Int) async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.get, "/company/webhooks?limit=\(limit)")
            #expect(answer.status == status)
        }
    }
}
