import Foundation
import Hosting
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing
import Webhooks

@testable import Tenancy

/// Who may, over the real router.
@Suite struct AccessTests {
    /// Knows `acme` and `globex`, and what it was asked.
    final class Directory: TenantDirectory {
        let asked = Mutex<[String]>([])

        func tenant(identifier: String) async throws -> Tenant? {
            asked.withLock { $0.append(identifier) }
            guard ["acme", "globex"].contains(identifier), let shard = Shard(0) else { return nil }
            return Tenant(
                id: Tenant.ID(), identifier: identifier, name: "", shard: shard, createdAt: .now, updatedAt: .now)
        }
    }

    let directory = Directory()

    private func context() -> HostContext {
        let context = HostContext(name: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let verifier = AccessTokenVerifier(secret: VerifierTests.secret)
        let company = context.router.tenantRoutes(verifier: verifier, directory: directory)
        let webhooks = company.group("webhooks").requiring(.webhooks)
        webhooks.get { _, request in "\(request.tenant.identifier) \(request.token.subject ?? "-")" }
        webhooks.post { _, request in request.requestID }
        company.group("webhooks/{id}/secret").requiring(.secrets).get { _, request in request.parameters.get("id") ?? ""
        }
        context.router.operatorRoutes(verifier: verifier).get("tenants") { _, request in request.token.subject ?? "-" }
        return context
    }

    private func token(_ tenants: [String], _ permissions: [Permission], lifetime: Duration = .seconds(60)) throws
        -> String
    {
        "Bearer "
            + (try TokenIssuer(secret: VerifierTests.secret).token(
                subject: "ann", tenants: tenants, permissions: permissions, lifetime: lifetime))
    }

    private func answer(
        _ path: String, method: HTTPRequest.Method = .get, authorization: String? = nil, tenant: String? = nil
    ) async throws -> (status: Int, code: String?, detail: String, headers: HTTPFields, text: String) {
        var headers: HTTPFields = [:]
        headers[.authorization] = authorization
        headers[.xTenantID] = tenant
        return try await context().application().test(.router) { [headers] client in
            let answer = try await client.execute(uri: path, method: method, headers: headers)
            let text = String(buffer: answer.body)
            let body = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return (
                answer.status.code, body?["code"] as? String, body?["detail"] as? String ?? "", answer.headers, text
            )
        }
    }

    @Test func aTenantReachesItsRoutes() async throws {
        let token = try token(["acme"], [.webhooksRead])
        let answer = try await answer("/company/webhooks", authorization: token, tenant: "acme")
        #expect(answer.status == 200 && answer.text == "acme ann")
        let lower = "bearer" + token.dropFirst(6)
        #expect(try await self.answer("/company/webhooks", authorization: lower, tenant: "acme").status == 200)
        let all = try self.token(["*"], [.webhooksRead])
        #expect(try await self.answer("/company/webhooks", authorization: all, tenant: "globex").text == "globex ann")
    }

    @Test("Without a token: 401, plain Bearer", arguments: [nil, "", "Basic YTpi", "Token abc"] as [String?])
    func noToken(authorization: String?) async throws {
        let answer = try await answer("/company/webhooks", authorization: authorization)
        #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == "Bearer" && answer.code == "no_token")
    }

    @Test(
        "With a bad token: 401 with the error",
        arguments: [
            "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjk5OTk5OTk5OTl9.",
        ])
    func badToken(authorization: String) async throws {
        for tenant in [nil, "acme"] {
            let answer = try await answer("/company/webhooks", authorization: authorization, tenant: tenant)
            #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
        }
    }

    @Test func anExpiredTokenIsABadOne() async throws {
        let token = try token(["acme"], [.webhooksRead], lifetime: .seconds(-31))
        let answer = try await answer("/company/webhooks", authorization: token, tenant: "acme")
        #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
    }

    @Test func theTenantMustBeNamed() async throws {
        let token = try token(["acme"], [])
        for tenant in [nil, ""] {
            let answer = try await answer("/company/webhooks", authorization: token, tenant: tenant)
            #expect(answer.status == 400 && answer.code == "no_tenant")
        }
    }

    @Test func aForeignTenantLooksLikeAnUnknownOne() async throws {
        let own = try token(["acme", "gone"], Permission.allCases)
        let all = try token(["*"], Permission.allCases)
        var details: Set<String> = []
        for (token, tenant) in [
            (own, "globex"), (own, "nobody"), (own, "gone"), (all, "nobody"), (all, "*"), (all, "ACME"),
            (own, "acme, globex"),
        ] {
            let answer = try await answer("/company/webhooks", authorization: token, tenant: tenant)
            #expect(answer.status == 403 && answer.code == "foreign_tenant", "\(tenant)")
            details.insert(answer.detail)
        }
        #expect(details.count == 1)
        #expect(directory.asked.withLock { $0 } == ["gone", "nobody"], "only what the token covers is looked up")
    }

    @Test(
        "A missing permission is named",
        arguments: [
            ("GET", "/company/webhooks", [Permission.webhooksWrite], "webhooks:read"),
            ("POST", "/company/webhooks", [.webhooksRead, .eventsWrite], "webhooks:write"),
            ("GET", "/company/webhooks/a/secret", [.webhooksRead], "webhooks:write"),
            ("GET", "/admin/tenants", Permission.allCases.filter { $0 != .tenantsAdmin }, "tenants:admin"),
        ])
    func permissions(method: String, path: String, held: [Permission], missing: String) async throws {
        let method = try #require(HTTPRequest.Method(rawValue: method))
        let token = try token(["*"], held)
        let answer = try await answer(path, method: method, authorization: token, tenant: "acme")
        #expect(answer.status == 403 && answer.code == "missing_permission" && answer.detail.contains(missing))
        let full = try self.token(["*"], held + [try #require(Permission(rawValue: missing))])
        #expect(try await self.answer(path, method: method, authorization: full, tenant: "acme").status == 200)
    }

    @Test func theTenantIsJudgedBeforeThePermission() async throws {
        let token = try token(["acme"], [])
        #expect(try await answer("/company/webhooks", authorization: token, tenant: "globex").code == "foreign_tenant")
        #expect(try await answer("/company/webhooks", authorization: token).code == "no_tenant")
    }

    @Test func operatorsNameNoTenant() async throws {
        let token = try token([], [.tenantsAdmin])
        #expect(try await answer("/admin/tenants", authorization: token).text == "ann")
        #expect(try await answer("/admin/tenants").headers[.wwwAuthenticate] == "Bearer")
        #expect(try await answer("/admin/tenants", authorization: "Bearer x").status == 401)
    }

    @Test func theRequestIDReachesTheHandler() async throws {
        let token = try token(["acme"], [.webhooksWrite])
        let answer = try await answer("/company/webhooks", method: .post, authorization: token, tenant: "acme")
        #expect(answer.text == answer.headers[.xRequestID])
    }
}
