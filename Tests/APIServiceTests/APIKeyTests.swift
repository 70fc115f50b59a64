import HTTPTypes
import JSON
import Postgres
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("API keys")
struct APIKeyTests {
    private func make(_ api: TestAPI, _ members: String) async throws -> (id: String, caller: TestAPI) {
        let answer = try await api.send(.post, "/company/api-keys", "{\(members)}")
        try #require(answer.status == 201, "\(answer.text)")
        let key = try #require(try answer.string("key"))
        return (try #require(try answer.string("id")), api.with { $0.token = key })
    }

    @Test("A key stands in the place of a token, with what it allows and nothing else")
    func life() async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(
                .post, "/company/api-keys",
                #"{"name":"shop","permissions":["webhooks:read","events:read","webhooks:read"],"expiresAt":null}"#)
            #expect(answer.status == 201 && answer.headers[.cacheControl] == "no-store")
            let key = try #require(try answer.string("key"))
            #expect(key.hasPrefix("martlet_") && key.utf8.count == 51)
            #expect(try answer.string("id")?.wholeMatch(of: /key_[0-7][0-9A-HJKMNP-TV-Z]{25}/) != nil)
            #expect(try answer.value("permissions")?.elements.map(\.string) == ["events:read", "webhooks:read"])
            #expect(try answer.string("createdBy") == "test")

            let listed = try await api.send(.get, "/company/api-keys")
            #expect(listed.text.contains(#""name":"shop""#) && listed.text.contains("••••\(key.suffix(4))"))
            #expect(!listed.text.contains(key) && listed.text.contains(#""lastUsedAt":null"#))

            let caller = api.with { $0.token = key }
            #expect(try await caller.send(.get, "/company/webhooks").status == 200)
            #expect(try await caller.send(.post, "/company/webhooks", TestAPI.body("")).status == 403)
            #expect(try await caller.send(.get, "/company/api-keys").status == 403)
            #expect(try await caller.send(.get, "/admin/tenants").status == 401, "it is no token of an operator")
            #expect(try await caller.with { $0.tenant = nil }.send(.get, "/company/webhooks").status == 400)
            try await api.makeTenant("other")
            #expect(try await caller.with { $0.tenant = "other" }.send(.get, "/company/webhooks").status == 403)
            #expect(try await api.send(.get, "/company/api-keys").text.contains(#""lastUsedAt":""#))
        }
    }

    @Test("Asked for twice with one Idempotency-Key, it is one key")
    func repeated() async throws {
        try await withAPI { api, _ in
            let name = try #require(HTTPField.Name("Idempotency-Key"))
            var made: Set<String> = []
            for _ in 0..<2 {
                let answer = try await api.send(
                    .post, "/company/api-keys", #"{"name":"k","permissions":["events:read"]}"#, headers: [name: "a"])
                #expect(answer.status == 201)
                made.insert(try #require(try answer.string("key")))
            }
            #expect(made.count == 1)
            #expect(try await api.send(.get, "/company/api-keys").ids.count == 1)
        }
    }

    @Test("An Idempotency-Key gives nobody what another caller was given to act with", arguments: [true, false])
    func notRepeated(isKey: Bool) async throws {
        try await withAPI { api, _ in
            let path = isKey ? "/company/api-keys" : "/company/portal-links"
            let body = isKey ? #"{"name":"k","permissions":["webhooks:write"]}"# : "{}"
            let member = isKey ? "key" : "url"
            let weaker = try api.with {
                $0.token = try TestAPI.token(tenants: ["*"], permissions: [.webhooksWrite])
            }
            let name = try #require(HTTPField.Name("Idempotency-Key"))
            func ask(_ api: TestAPI) async throws -> String? {
                try await api.send(.post, path, body, headers: [name: "login-42"]).string(member)
            }
            let first = try await ask(api), second = try await ask(weaker)
            #expect(first != nil && second != nil && first != second)
            #expect(try await ask(api) == first)
            #expect(try await ask(weaker) == second)
        }
    }

    @Test("A revoked key is soon none")
    func revoked() async throws {
        try await withAPI { api, _ in
            let (id, caller) = try await make(api, #""name":"k","permissions":["webhooks:read"]"#)
            #expect(try await caller.send(.get, "/company/webhooks").status == 200)
            #expect(try await api.send(.delete, "/company/api-keys/\(id)").status == 204)
            #expect(try await api.send(.delete, "/company/api-keys/\(id)").status == 404)
            let deadline = ContinuousClock.now + .seconds(10)
            while try await caller.send(.get, "/company/webhooks").status == 200 { try #require(.now < deadline) }
            let refused = try await caller.send(.get, "/company/webhooks")
            #expect(refused.status == 401)
            #expect(refused.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
        }
    }

    @Test("An expired key is none, and neither is that of a deleted tenant")
    func over() async throws {
        try await withAPI { api, database in
            let (id, expiring) = try await make(
                api, #""name":"k","permissions":["webhooks:read"],"expiresAt":"2200-01-01T00:00:00Z""#)
            try await database.run("UPDATE martlet.api_keys SET expires_at = now() - interval '1 second'")
            #expect(try await expiring.send(.get, "/company/webhooks").status == 401)
            #expect(try await api.send(.get, "/company/api-keys").ids == [id])
            let (_, lasting) = try await make(api, #""name":"k","permissions":["webhooks:read"]"#)
            #expect(try await api.send(.delete, "/admin/tenants/acme").status == 204)
            #expect([401, 403].contains(try await lasting.send(.get, "/company/webhooks").status))
        }
    }

    @Test("Nobody gives more than he has")
    func noMore() async throws {
        try await withAPI { api, _ in
            let token = try TestAPI.token(tenants: ["acme"], permissions: [.webhooksWrite, .webhooksRead])
            let caller = api.with { $0.token = token }
            let body =
                #"{"name":"k","permissions":["webhooks:read","deliveries:write"],"expiresAt":"2100-01-01T00:00:00Z"}"#
            let refused = try await caller.send(.post, "/company/api-keys", body)
            #expect(refused.status == 403 && refused.text.contains("deliveries:write"))
            let (_, key) = try await make(
                caller, #""name":"k","permissions":["webhooks:write"],"expiresAt":"2200-01-01T00:00:00Z""#)
            #expect(try await key.send(.post, "/company/api-keys", body).status == 403)
            let allowed = #"{"name":"k","permissions":["webhooks:write"]"#
            for expiry in [#"}"#, #","expiresAt":"2200-01-01T00:00:01Z"}"#] {
                let answer = try await key.send(.post, "/company/api-keys", allowed + expiry)
                #expect(try answer.status == 422 && answer.faults == ["expiresAt out_of_range"])
            }
            let last = try await key.send(
                .post, "/company/api-keys", allowed + #","expiresAt":"2199-01-01T00:00:00Z"}"#)
            #expect(try last.status == 201 && last.string("createdBy")?.hasPrefix("key_") == true)
        }
    }

    @Test(
        "What a request cannot say",
        arguments: [
            ("{}", ["name required", "permissions required"]), ("[]", [" wrong_type"]),
            (#"{"name":"","permissions":[]}"#, ["name too_short", "permissions too_short"]),
            (
                #"{"name":"k","permissions":["tenants:admin","x",1]}"#,
                ["permissions[0] unknown_value", "permissions[1] unknown_value", "permissions[2] wrong_type"]
            ),
            (#"{"name":"k","permissions":["events:read"],"expiresAt":"soon"}"#, ["expiresAt invalid"]),
            (
                #"{"name":"k","permissions":["events:read"],"expiresAt":"2020-01-01T00:00:00Z","key":"a"}"#,
                ["expiresAt out_of_range", "key unknown_member"]
            ),
        ])
    func faults(body: String, expected: [String]) async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.post, "/company/api-keys", body)
            #expect(try answer.status == 422 && answer.faults == expected)
        }
    }

    @Test(
        "What looks like a key and is none",
        arguments: ["martlet_", "martlet_AAAA", "martlet_" + String(repeating: "A", count: 43)])
    func strangers(key: String) async throws {
        try await withAPI { api, _ in
            let answer = try await api.with { $0.token = key }.send(.get, "/company/webhooks")
            #expect(answer.status == 401)
        }
    }

    @Test("The list is paged, and of what was made when it says")
    func pages() async throws {
        try await withAPI { api, _ in
            var ids: [String] = []
            for _ in 0..<5 { ids.insert(try await make(api, #""name":"k","permissions":["events:read"]"#).id, at: 0) }
            var (seen, path) = ([String](), "/company/api-keys?limit=2")
            while true {
                let page = try await api.send(.get, path)
                seen += try page.ids
                guard let cursor = try page.string("nextCursor") else { break }
                path = "/company/api-keys?limit=2&cursor=\(cursor)"
            }
            #expect(seen == ids)
            #expect(try await api.send(.get, "/company/api-keys?created_at_max=2020-01-01T00:00:00Z").ids.isEmpty)
            #expect(try await api.send(.get, "/company/api-keys?updated_at_min=x").status != 500)
        }
    }

    @Test("The database keeps no key")
    func atRest() async throws {
        try await withAPI { api, database in
            let (_, caller) = try await make(api, #""name":"k","permissions":["events:read"]"#)
            let session = try await database.connect()
            let rows = try await session.execute(KeyRows())
            await session.close()
            #expect(rows.count == 1)
            let key = try #require(caller.token)
            #expect(!rows[0].contains(key.dropFirst(8).prefix(20)))
            #expect(rows[0].contains(APIKeyText.hexDigest(of: key)))
        }
    }

    private struct KeyRows: Statement {
        static let sql = "SELECT k::text FROM martlet.api_keys k"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
    }
}

extension APIKeyText {
    /// As PostgreSQL writes the bytes.
    fileprivate static func hexDigest(of key: String) -> String {
        let digits = Array("0123456789abcdef")
        let digest = APIKeyText(key)?.digest ?? []
        return digest.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }
}
