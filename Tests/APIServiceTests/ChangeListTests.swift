import HTTPTypes
import JSON
import Postgres
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Who changed what")
struct ChangeListTests {
    private static func changes(_ answer: Answer) throws -> [String] {
        try answer.json.member("data")?.elements.flatMap { entry in
            entry.member("changes")?.elements.map { change in
                func text(_ name: String) -> String {
                    change.member(name).map { String(decoding: $0.compactBytes, as: UTF8.self) } ?? "-"
                }
                return "\(change.member("member")?.string ?? "?") \(text("from"))→\(text("to"))"
            } ?? []
        } ?? []
    }

    @Test("Each member is told with what it was and what it is, newest change first")
    func members() async throws {
        try await withAPI { api, _ in
            let made = try await api.makeWebhook(#""headers":{"a":"1"}"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            #expect(try await api.send(.get, path + "/changes").ids.isEmpty)
            _ = try await api.send(.patch, path, #"{"name":"new","timeoutMs":100}"#)
            _ = try await api.send(.patch, path, #"{"name":"new"}"#)  // of nothing: not noted
            let other = try api.with {
                $0.token = try TokenIssuer(secret: TestAPI.secret).token(
                    subject: "somebody else", tenants: ["acme"], permissions: [.webhooksWrite, .webhooksRead])
            }
            _ = try await other.send(
                .patch, path, #"{"isEnabled":false,"headers":null,"retry":{"maxAttempts":2},"events":["*"]}"#)
            let list = try await api.send(.get, path + "/changes")
            #expect(
                try Self.changes(list) == [
                    #"events ["order-created"]→["*"]"#, "isEnabled true→false", #"headers {"a":"1"}→{}"#,
                    #"retry {"maxAttempts":10,"schedule":[5,30,120,600,1800,5400,10800,18000,28800]}→"#
                        + #"{"maxAttempts":2,"schedule":[5,30,120,600,1800,5400,10800,18000,28800]}"#,
                    #"name "w"→"new""#, "timeoutMs 5000→100",
                ])
            let who = try list.json.member("data")?.elements.map { $0.member("by")?.string }
            #expect(who == ["somebody else", "test"])
            let first = try await api.send(.get, path + "/changes?limit=1")
            let cursor = try #require(try first.string("nextCursor"))
            let second = try await api.send(.get, path + "/changes?limit=1&cursor=\(cursor)")
            #expect(try first.ids + second.ids == list.ids)
            #expect(try await api.send(.get, path + "/changes?created_at_max=2020-01-01T00:00:00Z").ids.isEmpty)
        }
    }

    @Test("Secrets are left out, also of authentication")
    func secrets() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook(#""authentication":{"type":"bearer","token":"first-token-1234"}"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let secret = StandardWebhooksSecret().text
            _ = try await api.send(
                .patch, path, #"{"authentication":{"token":"other-token-1234"},"secret":"\#(secret)"}"#)
            let list = try await api.send(.get, path + "/changes")
            let token = #"{"type":"bearer","token":"••••1234"}"#
            #expect(
                try Self.changes(list) == [
                    "authentication \(token)→\(token)",
                    #"secret "\#(try made.string("secretHint") ?? "")"→"••••\#(secret.suffix(4))""#,
                ])
            for text in ["first-token", "other-token", secret] { #expect(!list.text.contains(text)) }
            _ = try await api.send(.delete, path)
            #expect(try await api.send(.get, path + "/changes").status == 404)
            #expect(try await database.count("webhook_changes") == 1)
        }
    }

    @Test("A change that fails is not noted; one that Martlet makes is")
    func transactions() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook()
            let id = try #require(Webhook.ID(try made.string("id") ?? ""))
            let session = try await database.connect()
            let tenant = try #require(try await session.execute(FindTenant(identifier: "acme")).first?.tenant)
            await session.close()
            await #expect(throws: (any Error).self) {
                try await database.transact(
                    InsertAuditEntry(webhook: id, tenant: tenant.id, by: nil, changes: "[]"),
                    RequireWebhook(id: id, tenant: tenant.id, version: -1))
            }
            #expect(try await database.count("webhook_changes") == 0)
            try await database.transact(DisableWebhook(id: id, tenant: tenant.id, reason: "410"))
            let list = try await api.send(.get, "/company/webhooks/\(id)/changes")
            #expect(try Self.changes(list) == ["isEnabled true→false"])
            #expect(list.text.contains(#""by":"martlet""#))
        }
    }
}
