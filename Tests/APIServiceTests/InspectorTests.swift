import HTTPTypes
import JSON
import Postgres
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Inspectors")
struct InspectorTests {
    private func make(_ api: TestAPI) async throws -> (id: String, path: String) {
        let answer = try await api.send(.post, "/company/inspectors", "{}")
        try #require(answer.status == 201, "\(answer.text)")
        let url = try #require(try answer.string("url"))
        let name = try #require(url.split(separator: "/inspect/").last)
        #expect(name.utf8.count == 22)
        return (try #require(try answer.string("id")), "/inspect/\(name)")
    }

    private func stranger(_ api: TestAPI) -> TestAPI { api.with { ($0.token, $0.tenant) = (nil, nil) } }

    private func requests(_ api: TestAPI, _ id: String) async throws -> [JSONValue] {
        let page = try await api.send(.get, "/company/inspectors/\(id)/requests")
        let json = try page.json
        return json.member("data")?.elements.map { $0 } ?? []
    }

    @Test("Takes any method without a token, and shows what came")
    func takes() async throws {
        try await withAPI { api, _ in
            let (id, path) = try await make(api)
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options] {
                let body = method == .get ? nil : "<script>ü\u{1}</script>"
                let answer = try await stranger(api).send(method, path + "?a=%20b", body, type: "text/plain")
                #expect(answer.status == 200)
            }
            let all = try await requests(api, id)
            #expect(all.map { $0.member("method")?.string } == ["OPTIONS", "DELETE", "PATCH", "PUT", "POST", "GET"])
            #expect(all[0].member("path")?.string == path + "?a=%20b")
            #expect(all[0].member("body")?.string == "<script>ü\u{1}</script>")
            #expect(all[0].member("signature")?.member("verdict")?.string == "missing")
            #expect(all[0].member("headers")?.elements.contains { $0.elements.first?.string == "content-type" } == true)
            #expect(try await api.send(.get, "/company/inspectors").ids == [id])
        }
    }

    @Test("Says whether the signature is that of the webhook which it names")
    func verdicts() async throws {
        try await withAPI { api, _ in
            let (id, path) = try await make(api)
            let webhook = try await api.makeWebhook()
            let secret = try #require(StandardWebhooksSecret(try webhook.string("secret") ?? ""))
            let now = Instant.now.seconds
            func send(_ body: String, signed: String, webhook: String, at time: Int64) async throws {
                let fields = [
                    ("webhook-id", "evt_1"), ("webhook-timestamp", "\(time)"), ("x-martlet-webhook", webhook),
                    (
                        "webhook-signature",
                        secret.signature(id: "evt_1", timestamp: time, body: Array(signed.utf8))
                    ),
                ]
                var headers = HTTPFields()
                for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
                #expect(try await stranger(api).send(.post, path, body, headers: headers).status == 200)
            }
            let own = try #require(try webhook.string("id"))
            try await send("{}", signed: "{}", webhook: own, at: now)
            try await send("{ }", signed: "{}", webhook: own, at: now)
            try await send("{}", signed: "{}", webhook: own, at: now - 1000)
            try await send("{}", signed: "{}", webhook: "wbh_\(ULID(milliseconds: 1, random: 1))", at: now)
            let verdicts = try await requests(api, id).map { $0.member("signature")?.member("verdict")?.string }
            #expect(verdicts == ["unknown", "invalid", "invalid", "valid"])
        }
    }

    @Test("Nobody else's, unknown, over and deleted ones are no places to send to")
    func ends() async throws {
        try await withAPI { api, database in
            let (id, path) = try await make(api)
            for wrong in ["/inspect/x", "/inspect/" + String(repeating: "A", count: 22)] {
                #expect(try await stranger(api).send(.post, wrong, "{}").status == 404)
            }
            #expect(try await stranger(api).send(.post, path, "{}").status == 200)
            #expect(try await api.send(.delete, "/company/inspectors/\(id)").status == 204)
            #expect(try await stranger(api).send(.post, path, "{}").status == 404)
            #expect(try await database.count("inspected_requests") == 0)
            let (second, later) = try await make(api)
            try await database.run("UPDATE martlet.inspectors SET expires_at = now()")
            #expect(try await stranger(api).send(.post, later, "{}").status == 404)
            #expect(try await api.send(.get, "/company/inspectors/\(second)/requests").status == 404)
        }
    }

    @Test("Keeps no cookie of whoever was led there; shows secrets to those alone who may read them")
    func secrets() async throws {
        try await withAPI { api, _ in
            let (id, path) = try await make(api)
            let fields = [
                ("cookie", "martlet_portal=c00kie"), ("proxy-authorization", "Basic pr0xy"),
                ("authorization", "Bearer t0ken-of-a-receiver"), ("x-shopery-secret", "sh0pery-secret"),
                ("x-plain", "plain"),
            ]
            var headers = HTTPFields()
            for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
            #expect(try await stranger(api).send(.post, path, "{}", headers: headers).status == 200)
            let whole = try await api.send(.get, "/company/inspectors/\(id)/requests").text
            let reader = try api.with { $0.token = try TestAPI.token(tenants: ["*"], permissions: [.webhooksRead]) }
            let cut = try await reader.send(.get, "/company/inspectors/\(id)/requests").text
            for text in [whole, cut] {
                #expect(text.contains(#"["x-plain","plain"]"#))
                #expect(!text.contains("c00kie") && !text.contains("pr0xy"))
            }
            #expect(whole.contains("t0ken-of-a-receiver") && whole.contains("sh0pery-secret"))
            #expect(!cut.contains("t0ken-of") && !cut.contains("sh0pery"))
        }
    }

    @Test("Bounded: in size, in requests kept, in a second, and in number")
    func bounds() async throws {
        try await withAPI { api, database in
            let (id, path) = try await make(api)
            let large = String(repeating: "x", count: InspectRoutes.bodyLimit + 1)
            #expect(try await stranger(api).send(.post, path, large).status == 413)
            let long = String(repeating: "x", count: InspectRoutes.keptBody + 1)
            #expect(try await stranger(api).send(.post, path, long).status == 200)
            let kept = try #require(try await requests(api, id).first)
            #expect(kept.member("isTruncated")?.bool == true)
            #expect(kept.member("body")?.string?.utf8.count == InspectRoutes.keptBody)
            var statuses: Set<Int> = []
            for _ in 0..<200 where !statuses.contains(429) {
                statuses.insert(try await stranger(api).send(.post, path, "{}").status)
            }
            #expect(statuses == [200, 429])
            let inspector = try #require(Inspector.ID(id))
            let session = try await database.connect()
            let owner = try #require(try await session.execute(FindTenant(identifier: "acme")).first?.tenant.id)
            await session.close()
            for _ in 0..<InsertInspectedRequest.kept + 5 {
                try await database.transact(
                    InsertInspectedRequest(
                        InspectedRequest(
                            inspectorID: inspector, tenantID: owner, method: "GET", target: "/",
                            headers: Array("[]".utf8), body: [], bodySize: 0, verdict: .missing, verdictDetail: nil)))
            }
            #expect(try await database.count("inspected_requests") == InsertInspectedRequest.kept)
            for _ in 1..<InspectorRoutes.limit { _ = try await make(api) }
            let refused = try await api.send(.post, "/company/inspectors")
            #expect(try refused.status == 409 && refused.string("code") == "limit_reached")
        }
    }

    @Test("The database keeps nothing of it in clear: it may hold a webhook's secrets")
    func atRest() async throws {
        try await withAPI { api, database in
            let (id, path) = try await make(api)
            let name = try #require(HTTPField.Name("auth-token"))
            let secret = "s3cret-of-the-receiver"
            _ = try await stranger(api).send(.post, path, "body with \(secret)", headers: [name: secret])
            let shown = try #require(try await requests(api, id).first)
            #expect(shown.member("body")?.string?.contains(secret) == true)
            let session = try await database.connect()
            let rows = try await session.execute(KeptRequests())
            await session.close()
            #expect(rows.count == 1)
            for row in rows { #expect(row.firstRange(of: Array(secret.utf8)) == nil) }
        }
    }

    private struct KeptRequests: Statement {
        static let sql = "SELECT headers || body FROM martlet.inspected_requests"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> [UInt8] { try row.column(0) }
    }
}
