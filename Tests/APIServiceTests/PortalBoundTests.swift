import HTTPTypes
import JSON
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("What bounds the portal's links and sessions")
struct PortalBoundTests: PortalTesting {
    private func end(_ answer: Answer, _ path: String) throws -> Instant {
        try #require(try answer.string(path).flatMap(Instant.init(rfc3339:)))
    }

    @Test("All that came of an API key ends when it is revoked, and nothing else does")
    func revoked() async throws {
        try await withAPI { api, _ in
            let made = try await api.send(
                .post, "/company/api-keys", #"{"name":"k","permissions":["webhooks:read"]}"#)
            let key = try #require(try made.string("key"))
            let caller = api.with { $0.token = key }
            let byLink = try cookie(try await exchange(api, try await link(caller)))
            let byToken = try cookie(try await caller.send(.post, "/portal/session"))
            let next = try #require(
                try await call(api, byLink, .post, "/company/portal-links", "{}").string("url")?
                    .split(separator: "#link=").last)
            let ofSession = try cookie(try await exchange(api, String(next)))
            let unused = try await link(caller)
            let other = try cookie(try await exchange(api, try await link(api)))
            for each in [byLink, byToken, ofSession, other] {
                #expect(try await call(api, each, .get, "/company/webhooks").status == 200)
            }
            let id = try #require(try made.string("id"))
            #expect(try await api.send(.delete, "/company/api-keys/\(id)").status == 204)
            for each in [byLink, byToken, ofSession] {
                #expect(try await comesTo(401) { try await call(api, each, .get, "/company/webhooks") })
                #expect(try await call(api, each, .get, "/portal/session").text == #"{"session":null}"#)
            }
            #expect(try await exchange(api, unused).status == 410)
            #expect(try await call(api, other, .get, "/company/webhooks").status == 200)
        }
    }

    @Test("Nothing outlives the token, or the API key, that asked for it")
    func expiry() async throws {
        try await withAPI { api, database in
            let token = try TestAPI.token(tenants: ["acme"], lifetime: .seconds(60))
            let brief = api.with { $0.token = token }
            let asked = try await brief.send(.post, "/company/portal-links", #"{"expiresInSeconds":86400}"#)
            #expect(try end(asked, "expiresAt") < .now + .seconds(61))
            let opened = try await exchange(api, try await link(brief, #"{"expiresInSeconds":86400}"#))
            #expect(try end(opened, "session.expiresAt") < .now + .seconds(61))

            let made = try await api.send(
                .post, "/company/api-keys", #"{"name":"k","permissions":["webhooks:read"]}"#)
            let key = try #require(try made.string("key"))
            let session = try cookie(try await exchange(api, try await link(api.with { $0.token = key })))
            #expect(try await call(api, session, .get, "/company/webhooks").status == 200)
            try await database.run("UPDATE martlet.api_keys SET expires_at = now() - interval '1 second'")
            #expect(try await comesTo(401) { try await call(api, session, .get, "/company/webhooks") })
        }
    }

    @Test("A link of another tenant takes the place of a session only where it says so, and the old one is over")
    func replaced() async throws {
        try await withAPI { api, _ in
            try await api.makeTenant("other")
            let own = try cookie(try await exchange(api, try await link(api)))
            let foreign = try await link(api.with { $0.tenant = "other" })
            let asked = try await api.with { ($0.token, $0.tenant) = (nil, nil) }
                .send(.post, "/portal/session/link/tenant", #"{"token":"\#(foreign)"}"#)
            #expect(asked.text == #"{"tenant":{"identifier":"other","name":"Tenant other"}}"#)

            let refused = try await exchange(api, foreign, cookie: own)
            #expect(try refused.status == 409 && refused.string("code") == "session_exists")
            #expect(refused.headers[.setCookie] == nil)
            #expect(try await call(api, own, .get, "/company/webhooks").status == 200)

            let opened = try await exchange(api, foreign, cookie: own, replaces: true)
            #expect(try opened.status == 201 && opened.string("session.tenant.identifier") == "other")
            #expect(try await call(api, own, .get, "/company/webhooks").status == 401)

            let again = try await exchange(
                api, try await link(api.with { $0.tenant = "other" }), cookie: try cookie(opened))
            #expect(again.status == 201, "the same tenant's is asked about by nobody")
            #expect(try await call(api, try cookie(opened), .get, "/company/webhooks", tenant: "other").status == 401)
            let signedIn = try await api.send(
                .post, "/portal/session", headers: [.cookie: try cookie(again)])
            #expect(signedIn.status == 201)
            #expect(try await call(api, try cookie(again), .get, "/company/webhooks", tenant: "other").status == 401)
            for wrong in [foreign, "x"] {
                let gone = try await api.send(.post, "/portal/session/link/tenant", #"{"token":"\#(wrong)"}"#)
                #expect(gone.status == 410)
            }
        }
    }

    @Test("So many links and no more, whoever asks at once; of sessions the oldest gives way")
    func limits() async throws {
        try await withAPI { api, database in
            let missing = 3
            try await database.run(
                """
                INSERT INTO martlet.portal_links (tenant_id, digest, permissions, expires_at)
                SELECT t.id, n::text::bytea, '{}', now() + interval '1 hour'
                  FROM martlet.tenants t, generate_series(1, \(PortalRoutes.linkLimit - missing)) n
                """)
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<12 { group.addTask { try await api.send(.post, "/company/portal-links").status } }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: missing, 409: 12 - missing])
            #expect(try await database.count("portal_links") == PortalRoutes.linkLimit)
            try await database.run("UPDATE martlet.portal_links SET expires_at = now()")
            let token = try await link(api)
            #expect(try await api.send(.post, "/portal/session").status == 201)
            try await database.run(
                """
                INSERT INTO martlet.portal_sessions (id, tenant_id, digest, permissions, expires_at)
                SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, t.id, n::text::bytea, '{}',
                       now() + interval '1 hour'
                  FROM martlet.tenants t, generate_series(1, \(PortalSession.limit - 1)) n
                """)
            let session = try cookie(try await exchange(api, token))
            #expect(try await call(api, session, .get, "/company/webhooks").status == 200)
            #expect(try await database.count("portal_sessions") == PortalSession.limit)
            #expect(try await api.send(.post, "/portal/session").status == 201)
            #expect(try await database.count("portal_sessions") == PortalSession.limit)
            #expect(try await call(api, session, .get, "/company/webhooks").status == 200, "the oldest went, not this")
        }
    }

    @Test(
        "By https the cookie is this host's alone; of several proxies the first one tells",
        arguments: [
            ("https", true), ("HTTPS, http", true), (" https ,http", true), ("http, https", false), ("http", false),
        ])
    func hostCookie(forwarded: String, isSecure: Bool) async throws {
        try await withAPI { api, _ in
            let field = try #require(HTTPField.Name("X-Forwarded-Proto"))
            let token = try await link(api)
            let answer = try await api.send(
                .post, "/portal/session/link", #"{"token":"\#(token)"}"#, headers: [field: forwarded])
            let set = try #require(answer.headers[.setCookie])
            #expect(set.hasPrefix(isSecure ? "__Host-martlet_portal=" : "martlet_portal="))
            #expect(set.contains("; Path=/;") && !set.contains("Domain") && set.hasSuffix("; Secure") == isSecure)
            let value = try #require(try cookie(answer).split(separator: "=").last)
            for name in ["__Host-martlet_portal", "martlet_portal"] {
                let shown = try await api.with { ($0.token, $0.tenant) = (nil, nil) }.send(
                    .get, "/portal/session", headers: [field: forwarded, .cookie: "\(name)=\(value)"])
                #expect((shown.text != #"{"session":null}"#) == (name.hasPrefix("__Host-") == isSecure))
            }
        }
    }
}
