import HTTPTypes
import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Webhooks

/// Getting into the portal, and out of it.
struct PortalRoutes: Sendable {
    /// A session that a token has opened lasts no longer, whatever the token says.
    static let longestSession: Duration = .seconds(86_400)

    let parts: APIParts
    let sessions: PortalSessionDirectory

    /// `POST /company/portal-links`: any valid token may ask, and gives no more than it has.
    func createLink(_ request: Request, by caller: AccessToken, of tenant: Tenant) async throws -> Response {
        let document = try await request.optionalDocument()
        let faults = Faults()
        let input = document.map { PortalLinkInput($0.root, faults: faults) } ?? PortalLinkInput()
        guard let input else { throw faults.problem }
        let wanted = input.permissions ?? caller.permissions.intersection(Permission.ofKeys)
        if let missing = wanted.subtracting(caller.permissions).map(\.rawValue).min() {
            throw Problem.forbidden(
                "The caller lacks the permission \(missing), and gives none that it lacks.", code: "missing_permission")
        }
        let token = PortalSecret()
        let expiresAt = min(Instant.now + input.lifetime, caller.latestGrant)
        _ = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            CreatePortalLink(
                tenant: tenant.id, digest: token.digest, createdBy: caller.subject,
                permissions: wanted.map(\.rawValue).sorted(), expiresAt: expiresAt))
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("url", parts.publicURL.text(for: request) + "/portal#link=" + token.text)
            writer.member("expiresAt", expiresAt)
        }
        return .json(writer.bytes, status: .created, headers: [.cacheControl: "no-store"])
    }

    /// `POST /portal/session/link`: the token of a link becomes a session, once.
    func openByLink(_ request: Request) async throws -> Response {
        let document = try await request.document()
        let faults = Faults()
        let text = MemberReader(document.root, known: ["token"], faults: faults)?
            .string("token", length: 1...200, isRequired: true)
        guard faults.isEmpty, let text else { throw faults.problem }
        let cookie = PortalSecret()
        guard let link = PortalSecret(text),
            let grant = try await parts.pool.execute(
                OpenPortalSession(link: link.digest, session: PortalSession.ID(), cookie: cookie.digest)
            ).first
        else { throw Self.linkIsOver }
        return try await answer(AccessToken(session: grant), cookie: cookie, request)
    }

    /// `POST /portal/session`, with a token: the page need not keep it.
    func openByToken(_ request: Request, by caller: AccessToken, of tenant: Tenant) async throws -> Response {
        let cookie = PortalSecret()
        let session = PortalSession(
            tenantID: tenant.id,
            permissions: caller.permissions.intersection(Permission.ofKeys).map(\.rawValue).sorted(),
            createdBy: caller.subject, expiresAt: min(caller.expiresAt, Instant.now + Self.longestSession))
        _ = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), CreatePortalSession(session, digest: cookie.digest))
        let token = AccessToken(
            subject: caller.subject, tenants: .some([tenant.identifier]),
            permissions: caller.permissions.intersection(Permission.ofKeys), expiresAt: session.expiresAt,
            session: session.id)
        return try await answer(token, cookie: cookie, request)
    }

    /// `GET /portal/session`: whose the cookie is. None is no error.
    func session(_ request: Request) async throws -> Response {
        try await answer(try await sessions.token(of: request), cookie: nil, request)
    }

    /// `DELETE /portal/session`.
    func end(_ request: Request) async throws -> Response {
        if let token = try await sessions.token(of: request), let id = token.session,
            let tenant = try await tenant(of: token)
        {
            _ = try await parts.pool.transact(
                SetTenantContext(tenant: tenant.id), EndPortalSession(id: id, tenant: tenant.id))
            sessions.forget(request)
        }
        return .noContent(headers: [.setCookie: cookie("", seconds: 0, request)])
    }

    private func answer(_ token: AccessToken?, cookie: PortalSecret?, _ request: Request) async throws -> Response {
        let tenant = if let token { try await tenant(of: token) } else { nil as Tenant? }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("session")
            guard let token, let tenant else { return writer.null() }
            writer.object { writer in
                writer.name("tenant")
                writer.object { writer in
                    writer.member("identifier", tenant.identifier)
                    writer.member("name", tenant.name)
                }
                writer.member("permissions", token.permissions.map(\.rawValue).sorted())
                writer.member("dialect", (tenant.settings.defaultDialect ?? .standard).rawValue)
                writer.member("expiresAt", token.expiresAt)
            }
        }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let cookie, let token, tenant != nil {
            let seconds = max(0, Int((token.expiresAt - .now) / .seconds(1)))
            headers[.setCookie] = self.cookie(cookie.text, seconds: seconds, request)
        }
        return .json(writer.bytes, status: cookie == nil ? .ok : .created, headers: headers)
    }

    private func tenant(of token: AccessToken) async throws -> Tenant? {
        guard case .some(let identifiers) = token.tenants, let identifier = identifiers.first else { return nil }
        return try await parts.pool.execute(FindTenant(identifier: identifier)).first?.tenant
    }

    /// No script reads it, no other site has it sent.
    private func cookie(_ value: String, seconds: Int, _ request: Request) -> String {
        "\(PortalSessionDirectory.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (parts.publicURL.isSecure(request) ? "; Secure" : "")
    }

    private static let linkIsOver = Problem(
        .gone, code: "link_used", detail: "The link was used before, or its time is over. Ask for a new one.")
}
