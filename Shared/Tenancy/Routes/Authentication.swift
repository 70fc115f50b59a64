import Hosting
import Hummingbird
import Logging
import Webhooks

/// Puts the verified token into the context, or refuses with 401. Without one, the portal's cookie stands in its place.
struct TokenMiddleware: RouterMiddleware {
    typealias Context = CallerContext

    let verifier: AccessTokenVerifier
    let keys: APIKeyDirectory?
    let sessions: PortalSessionDirectory?

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.headers[.authorization] == nil, let token = try await sessions?.token(of: request) {
            guard !PortalSessionDirectory.isForged(request) else { throw Refusal.otherSite }
            var context = context
            context.token = token
            return try await next(request, context)
        }
        guard let field = request.headers[.authorization] else { throw Refusal.noToken }
        let parts = field.split(separator: " ", maxSplits: 1)
        // Another scheme (`Basic`) is no token that could be wrong, so its answer is that of none.
        guard parts.first?.lowercased() == "bearer" else { throw Refusal.noToken }
        guard parts.count == 2 else { throw Refusal.invalidToken }
        var context = context
        context.token = try await token(String(parts[1]), context.logger)
        return try await next(request, context)
    }

    private func token(_ text: String, _ logger: Logger) async throws -> AccessToken {
        if let keys, let key = APIKeyText(text) {
            guard let token = try await keys.token(of: key) else { throw Refusal.invalidToken }
            return token
        }
        do {
            return try await verifier.verifyAskingForKeys(text)
        } catch .keysUnavailable {
            throw Problem.unavailable(detail: "Tokens cannot be verified yet: the keys are not there.")
        } catch {
            logger.debug("Token refused", metadata: ["reason": "\(error)"])
            throw Refusal.invalidToken
        }
    }
}

/// Puts the tenant of `X-tenant-ID` into the context: 400 where it is not named, 403 where the token does not cover it.
struct TenantMiddleware: RouterMiddleware {
    typealias Context = CallerContext

    let directory: any TenantDirectory

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let identifier = request.headers[.xTenantID], !identifier.isEmpty else { throw Refusal.noTenant }
        guard let token = context.token else { throw Refusal.noToken }
        // The token is asked before the directory, so that nobody learns from the time taken which tenants there are.
        guard token.covers(tenant: identifier), Tenant.isValidIdentifier(identifier),
            let tenant = try await directory.tenant(identifier: identifier)
        else { throw Refusal.foreignTenant }
        var context = context
        context.tenant = tenant
        RequestNotes.current?.add("tenant.id", .string(tenant.identifier))
        return try await next(request, context)
    }
}

/// Asks for a permission: 403 naming it where the token lacks it.
struct PermissionMiddleware: RouterMiddleware {
    typealias Context = TenantContext

    let requirement: Requirement

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isReading = request.method == .get || request.method == .head
        let permission = isReading ? requirement.read : requirement.write
        guard context.token.permissions.contains(permission) else { throw Refusal.missing(permission) }
        return try await next(request, context)
    }
}
