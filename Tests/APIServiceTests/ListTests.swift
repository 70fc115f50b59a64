import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import APIService

@Suite("Lists")
struct ListTests {
    @Test("Paging while rows are written skips none and repeats none")
    func paging() async throws {
        try await withAPI { api, _ in
            var wanted: [String] = []
            for number in 0..<7 {
                wanted.append(try await api.makeWebhook(#""name":"w\#(number)""#).string("id") ?? "")
            }
            var seen: [String] = []
            var query = "?limit=3"
            while true {
                let page = try await api.send(.get, "/company/webhooks\(query)")
                seen += try page.ids
                #expect(try page.ids.count <= 3)
                guard let cursor = try page.string("nextCursor") else { break }
                query = "?limit=2&cursor=\(cursor)"
                _ = try await api.makeWebhook()
                _ = try await api.send(.patch, "/company/webhooks/\(wanted[0])", #"{"description":"\#(seen.count)"}"#)
            }
            #expect(seen == wanted.reversed())
        }
    }

    private static let refusedTable: [String] = [
        "limit=0", "limit=101", "limit=x", "limit=", "limit=1.5", "limit=1&limit=2", "cursor=", "cursor=x",
        "status=on",
        "status=", "created_at_min=2025-01-01", "created_at_max=2025-01-01T00:00:00", "updated_at_min=yesterday",
        "updated_at_max=2025-02-30T00:00:00Z", "search=%zz", "search=%00", "search=%ff", "created_at_min=",
    ]

    @Test("Query parameters that are refused")
    func refused() async throws {
        try await withAPI { api, _ in
            for query in Self.refusedTable {
                let answer = try await api.send(.get, "/company/webhooks?\(query)")
                #expect(answer.status == 400, "\(answer.text)")
                #expect(answer.headers[.contentType] == "application/problem+json", "\(query)")
            }
        }
    }

    @Test("A cursor is bound to its list, its filters and its tenant")
    func foreignCursor() async throws {
        try await withAPI { api, _ in
            for _ in 0..<3 { _ = try await api.makeWebhook() }
            let page = try await api.send(.get, "/company/webhooks?limit=1&status=active")
            let cursor = try #require(try page.string("nextCursor"))
            #expect(cursor.wholeMatch(of: /[-._~0-9A-Za-z]+/) != nil)
            func status(_ api: TestAPI, _ path: String) async throws -> Int {
                try await api.send(.get, "\(path)cursor=\(cursor)").status
            }
            #expect(try await status(api, "/company/webhooks?limit=2&status=active&") == 200)
            #expect(try await status(api, "/company/webhooks?") == 400)
            #expect(try await status(api, "/company/webhooks?status=inactive&") == 400)
            #expect(try await status(api, "/company/events?") == 400)
            try await api.makeTenant("other")
            #expect(try await status(api.with { $0.tenant = "other" }, "/company/webhooks?status=active&") == 400)
        }
    }

    private static let filtersTable: [(String, [String])] = [
        ("search=alpha", ["a"]), ("search=ALPHA", ["a"]), ("search=%25", ["c"]), ("search=_", ["a", "b", "c"]),
        ("search=10_", []), ("search=%25+_", ["c"]),
        ("search=100%25+_", ["c"]),
        ("search=beta.test", ["b"]), ("search=customer", ["b", "c"]), ("search=order-created", ["a", "c"]),
        ("search=nothing", []),
        ("status=active", ["a", "c"]), ("status=inactive", ["b"]), ("status=disabled", []),
        ("event=order-created", ["a", "c"]), ("event=orders-created", ["a", "c"]),
        ("event=customer-updated", ["b", "c"]),
        ("event=webhook-disabled", []), ("resource=customer", ["b", "c"]), ("resource=order", ["a", "c"]),
        ("resource=nonsense", []), ("search=", ["a", "b", "c"]), ("status=active&resource=order", ["a", "c"]),
        ("created_at_min=2001-01-01T00:00:00Z&updated_at_max=2999-01-01T00:00:00Z", ["a", "b", "c"]),
        ("created_at_max=2001-01-01T00:00:00Z", []), ("updated_at_min=2999-01-01T00:00:00%2B02:00", []),
    ]

    @Test("Webhooks are found")
    func filters() async throws {
        try await withAPI { api, _ in
            let bodies = [
                "a": #""name":"Alpha""#,
                "b": #""name":"x","url":"https://beta.test/","events":["customer-*"],"isEnabled":false"#,
                "c": #""name":"100% _","events":["*"]"#,
            ]
            var ids: [String: String] = [:]
            for (key, body) in bodies.sorted(by: { $0.key < $1.key }) {
                ids[key] = try await api.makeWebhook(body).string("id")
            }
            for (query, wanted) in Self.filtersTable {
                let answer = try await api.send(.get, "/company/webhooks?\(query)")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try answer.ids.sorted() == wanted.compactMap { ids[$0] }, "\(query)")
            }
        }
    }

    @Test("In an open catalogue, a resource is known by the names that were subscribed to")
    func openResources() async throws {
        try await withAPI { api, _ in
            try await api.makeTenant("open", settings: #"{"eventCatalogue":"open"}"#)
            let open = api.with { $0.tenant = "open" }
            var ids: [String: String] = [:]
            for entries in ["ticket-sold", "ticket.v2-sold", "ticket-*", "tick*", "ticket_sold", "ticket", "order-*"] {
                ids[entries] = try await open.makeWebhook(#""events":["\#(entries)"]"#).string("id")
            }
            for (resource, wanted) in [
                ("ticket", ["ticket-sold", "ticket-*", "tick*", "ticket_sold", "ticket"]),
                ("ticket.v2", ["ticket.v2-sold", "tick*"]), ("order", ["order-*"]), ("tickets", ["tick*"]),
                ("(", []),
            ] {
                let answer = try await open.send(.get, "/company/webhooks?resource=\(resource)")
                #expect(Set(try answer.ids) == Set(wanted.compactMap { ids[$0] }), "\(resource) \(answer.text)")
            }
            #expect(try await open.send(.get, "/company/webhooks?search=%22").ids.isEmpty)
        }
    }

    @Test("What an answer shows as a time is a bound that includes it")
    func inclusive() async throws {
        try await withAPI { api, _ in
            let time = try await api.makeWebhook().string("createdAt") ?? ""
            #expect(
                try await api.send(.get, "/company/webhooks?created_at_min=\(time)&created_at_max=\(time)").ids.count
                    == 1)
            #expect(
                try await api.send(.get, "/company/webhooks?updated_at_min=\(time)&updated_at_max=\(time)").ids.count
                    == 1)
        }
    }
}
