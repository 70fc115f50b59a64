import Foundation
import HTTPTypes
import JSON
import Logging
import Postgres
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("The portal's links and sessions")
struct PortalTests: PortalTesting {
    @Test("A link opens one session, which stands in the place of a token")
    func once() async throws {
        try await withAPI { api, _ in
            let token = try await link(api)
            let opened = try await exchange(api, token)
            #expect(opened.status == 201)
            #expect(try opened.string("session.tenant.identifier") == "acme")
            #expect(try opened.value("session.permissions")?.elements.count == Permission.ofKeys.count)
            let cookie = try cookie(opened)
            #expect(!opened.text.contains(cookie.dropFirst("martlet_portal=".count)))

            let again = try await exchange(api, token)
            #expect(again.status == 410 && again.headers[.setCookie] == nil)

            #expect(try await call(api, cookie, .get, "/company/webhooks").status == 200)
            let made = try await call(api, cookie, .post, "/company/webhooks", TestAPI.body(""))
            #expect(made.status == 201)
            let shown = try await call(api, cookie, .get, "/portal/session", tenant: nil)
            #expect(try shown.string("session.tenant.name") == "Tenant acme")
            #expect(try await call(api, cookie, .get, "/company/webhooks", tenant: nil).status == 400)
            try await api.makeTenant("other")
            #expect(try await call(api, cookie, .get, "/company/webhooks", tenant: "other").status == 403)
            #expect(try await call(api, cookie, .get, "/admin/tenants").status == 401)
        }
    }

    @Test("A page of another site gets nothing by the cookie")
    func otherSite() async throws {
        try await withAPI { api, _ in
            let cookie = try cookie(try await exchange(api, try await link(api)))
            for site in ["cross-site", "same-site"] {
                let refused = try await call(api, cookie, .post, "/company/webhooks", TestAPI.body(""), site: site)
                #expect(try refused.status == 403 && refused.string("code") == "other_site")
                #expect(try await call(api, cookie, .get, "/company/webhooks", site: site).status == 403)
            }
            #expect(try await api.send(.get, "/company/webhooks").ids.isEmpty)
        }
    }

    @Test("Nobody gives more than he has, and a session not longer than itself")
    func noMore() async throws {
        try await withAPI { api, _ in
            let reader = try api.with { $0.token = try TestAPI.token(tenants: ["acme"], permissions: [.webhooksRead]) }
            let refused = try await reader.send(
                .post, "/company/portal-links", #"{"permissions":["webhooks:read","webhooks:write"]}"#)
            #expect(refused.status == 403 && refused.text.contains("webhooks:write"))
            let cookie = try cookie(try await exchange(api, try await link(reader)))
            #expect(try await call(api, cookie, .get, "/company/webhooks").status == 200)
            #expect(try await call(api, cookie, .post, "/company/webhooks", TestAPI.body("")).status == 403)
            #expect(try await call(api, cookie, .get, "/company/events").status == 403)
            let next = try await call(
                api, cookie, .post, "/company/portal-links", #"{"expiresInSeconds":86400,"permissions":null}"#)
            let end = try #require(try next.string("expiresAt").flatMap(Instant.init(rfc3339:)))
            #expect(end < Instant.now + .seconds(700))
            let bare = try api.with { $0.token = try TestAPI.token(tenants: ["acme"], permissions: []) }
            let opened = try await exchange(api, try await link(bare))
            #expect(try opened.value("session.permissions")?.elements.count == 0)
        }
    }

    @Test(
        "What a request for a link cannot say",
        arguments: [
            (#"{"expiresInSeconds":0}"#, ["expiresInSeconds out_of_range"]),
            (#"{"expiresInSeconds":86401}"#, ["expiresInSeconds out_of_range"]),
            (#"{"permissions":["tenants:admin"]}"#, ["permissions[0] unknown_value"]),
            (#"{"permissions":[],"x":1}"#, ["permissions too_short", "x unknown_member"]),
        ])
    func faults(body: String, expected: [String]) async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.post, "/company/portal-links", body)
            #expect(try answer.status == 422 && answer.faults == expected)
        }
    }

    @Test("What is over is over: links, sessions, and those that were signed out")
    func over() async throws {
        try await withAPI { api, database in
            let old = try await link(api)
            try await database.run("UPDATE martlet.portal_links SET expires_at = now() - interval '1 second'")
            #expect(try await exchange(api, old).status == 410)
            for wrong in ["", "x", String(repeating: "A", count: 43)] {
                #expect([410, 422].contains(try await exchange(api, wrong).status))
            }

            let left = try cookie(try await exchange(api, try await link(api)))
            let ended = try await call(api, left, .delete, "/portal/session", tenant: nil)
            #expect(ended.status == 204 && ended.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await call(api, left, .get, "/company/webhooks").status == 401)
            #expect(try await call(api, left, .get, "/portal/session").text == #"{"session":null}"#)

            let expiring = try cookie(try await exchange(api, try await link(api)))
            try await database.run("UPDATE martlet.portal_sessions SET expires_at = now() - interval '1 second'")
            #expect(try await call(api, expiring, .get, "/company/webhooks").status == 401)
            #expect(try await database.count("portal_sessions") == 1)
            let keeper = PortalKeeper(pool: try database.pool(as: .api), logger: Logger(label: "test"))
            await keeper.purge()
            #expect(try await database.count("portal_sessions") == 0)
            await keeper.pool.close()
        }
    }

    @Test("A token opens a session too, no longer than itself")
    func byToken() async throws {
        try await withAPI { api, _ in
            let token = try TestAPI.token(tenants: ["acme"], permissions: [.webhooksRead], lifetime: .seconds(60))
            let opened = try await api.with { $0.token = token }.send(.post, "/portal/session")
            #expect(opened.status == 201)
            let end = try #require(try opened.string("session.expiresAt").flatMap(Instant.init(rfc3339:)))
            #expect(end < Instant.now + .seconds(61))
            let cookie = try cookie(opened)
            #expect(try await call(api, cookie, .get, "/company/webhooks").status == 200)
            #expect(try await call(api, cookie, .post, "/portal/session").status == 401, "a session opens none")
            #expect(try await api.with { $0.token = "x" }.send(.post, "/portal/session").status == 401)
            #expect(try await api.with { $0.tenant = "nobody" }.send(.post, "/portal/session").status == 403)
        }
    }

    @Test("The database keeps neither link nor cookie")
    func atRest() async throws {
        try await withAPI { api, database in
            let token = try await link(api)
            let unused = try await link(api)
            let cookie = try cookie(try await exchange(api, token))
            let session = try await database.connect()
            let text = try await session.execute(PortalRows()).joined()
            await session.close()
            #expect(text.count > 100 && !text.contains(unused) && !text.contains(cookie.dropFirst(15)))
        }
    }

    private struct PortalRows: Statement {
        static let sql = """
            SELECT l::text FROM martlet.portal_links l UNION ALL SELECT s::text FROM martlet.portal_sessions s
            """
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
    }
}
