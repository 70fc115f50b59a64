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
    /// Links of a tenant that nobody has used yet.
    static let linkLimit = 500

    let parts: APIParts
    let sessions: PortalSessionDirectory

    /// `POST /company/portal-links`: any valid token may ask, and gives no more than it has, nor for longer.
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
        let expiresAt = min(Instant.now + input.lifetime, caller.expiresAt)
        let (_, _, made) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), LockTenant(id: tenant.id),
            CreatePortalLink(
                tenant: tenant.id, digest: token.digest, createdBy: caller.subject,
                permissions: wanted.map(\.rawValue).sorted(), expiresAt: expiresAt, apiKey: caller.rootKey,
                limit: Self.linkLimit))
        guard !made.isEmpty else { throw Self.tooMany }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("url", parts.publicURL.text(for: request) + "/portal#link=" + token.text)
            writer.member("expiresAt", expiresAt)
        }
        return .json(writer.bytes, status: .created, headers: [.cacheControl: "no-store"])
    }

    /// `POST /portal/session/link/tenant`: whose a link is, so that a browser that has a session can ask first.
    func tenantOfLink(_ request: Request) async throws -> Response {
        let (link, _) = try await link(in: request, known: ["token"])
        guard let owner = try await parts.pool.execute(FindPortalLink(digest: link.digest)).first else {
            throw Self.linkIsOver
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("tenant")
            Self.write(owner.identifier, name: owner.name, to: &writer)
        }
        return .json(writer.bytes, headers: [.cacheControl: "no-store"])
    }

    /// `POST /portal/session/link`: the token of a link becomes a session, once, in the place of the browser's old
    /// one. One of another tenant gives way only where the person was asked: else whoever sends a link could slip in
    /// his own.
    func openByLink(_ request: Request) async throws -> Response {
        let (link, replaces) = try await link(in: request, known: ["token", "replaces"])
        if !replaces, let current = try await sessions.token(of: request),
            let owner = try await parts.pool.execute(FindPortalLink(digest: link.digest)).first,
            !current.covers(tenant: owner.identifier)
        {
            throw Self.sessionExists
        }
        let cookie = PortalSecret()
        let statement = OpenPortalSession(
            link: link.digest, session: PortalSession.ID(), cookie: cookie.digest,
            replacing: sessions.cookie(of: request)?.digest)
        guard let grant = try await parts.pool.execute(statement).first else { throw Self.linkIsOver }
        sessions.forget(request)
        return try await answer(AccessToken(session: grant), cookie: cookie, request)
    }

    /// `POST /portal/session`, with a token: the page need not keep it.
    func openByToken(_ request: Request, by caller: AccessToken, of tenant: Tenant) async throws -> Response {
        let cookie = PortalSecret()
        let session = PortalSession(
            tenantID: tenant.id,
            permissions: caller.permissions.intersection(Permission.ofKeys).map(\.rawValue).sorted(),
            createdBy: caller.subject, expiresAt: min(caller.expiresAt, Instant.now + Self.longestSession),
            apiKeyID: caller.rootKey)
        _ = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), CreatePortalSession(session, digest: cookie.digest))
        try await forget(request)
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
        try await forget(request)
        return .noContent(headers: [.setCookie: cookie("", seconds: 0, request)])
    }

    /// Ends the session of the request's cookie.
    private func forget(_ request: Request) async throws {
        guard let cookie = sessions.cookie(of: request) else { return }
        _ = try await parts.pool.execute(EndPortalSession(digest: cookie.digest))
        sessions.forget(request)
    }

    /// The link that a request's body names, and whether it may replace a session.
    private func link(in request: Request, known: Set<String>) async throws -> (PortalSecret, replaces: Bool) {
        let document = try await request.document()
        let faults = Faults()
        let reader = MemberReader(document.root, known: known, faults: faults)
        let text = reader?.string("token", length: 1...200, isRequired: true)
        let replaces = reader?.bool("replaces") ?? false
        guard faults.isEmpty, let text else { throw faults.problem }
        guard let link = PortalSecret(text) else { throw Self.linkIsOver }
        return (link, replaces)
    }

    private func answer(_ token: AccessToken?, cookie: PortalSecret?, _ request: Request) async throws -> Response {
        let tenant = if let token { try await tenant(of: token) } else { nil as Tenant? }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("session")
            guard let token, let tenant else { return writer.null() }
            writer.object { writer in
                writer.name("tenant")
                Self.write(tenant.identifier, name: tenant.name, to: &writer)
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

    private static func write(_ identifier: String, name: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("identifier", identifier)
            writer.member("name", name)
        }
    }

    private func tenant(of token: AccessToken) async throws -> Tenant? {
        guard case .some(let identifiers) = token.tenants, let identifier = identifiers.first else { return nil }
        return try await parts.pool.execute(FindTenant(identifier: identifier)).first?.tenant
    }

    /// No script reads it, no other site has it sent.
    private func cookie(_ value: String, seconds: Int, _ request: Request) -> String {
        let isSecure = parts.publicURL.isSecure(request)
        let name = PortalSessionDirectory.cookieName(isSecure: isSecure)
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    private static let linkIsOver = Problem(
        .gone, code: "link_used", detail: "The link was used before, or its time is over. Ask for a new one.")
    private static let sessionExists = Problem.conflict(
        "The browser has a session of another tenant: ask, and send `replaces`.", code: "session_exists")
    private static let tooMany = Problem.conflict(
        "A tenant has at most \(linkLimit) links that nobody has used; wait for the end of some.", code: "limit_reached"
    )
}
