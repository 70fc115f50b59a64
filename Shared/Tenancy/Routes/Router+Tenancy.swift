public import Hosting
public import Hummingbird

extension Router where Context == HostRequestContext {
    /// Routes that only a tenant reaches: their handlers take a ``TenantContext``.
    ///
    /// In order: 401 without a valid token, 400 without `X-tenant-ID`, 403 for a tenant that the token does not cover.
    /// Each group below asks for its permission with ``RouterGroup/requiring(_:)``.
    ///
    /// - Parameters:
    ///   - keys: API keys that are taken in the place of a token.
    ///   - sessions: sessions of the portal that are, by their cookie.
    public func tenantRoutes(
        _ path: RouterPath = "company", verifier: AccessTokenVerifier, keys: APIKeyDirectory? = nil,
        sessions: PortalSessionDirectory? = nil, directory: some TenantDirectory
    ) -> RouterGroup<TenantContext> {
        group(path, context: CallerContext.self)
            .add(middleware: TokenMiddleware(verifier: verifier, keys: keys, sessions: sessions))
            .add(middleware: TenantMiddleware(directory: directory))
            .group("", context: TenantContext.self)
    }

    /// Routes that only a token with `tenants:admin` reaches: their handlers take an ``OperatorContext``.
    public func operatorRoutes(
        _ path: RouterPath = "admin", verifier: AccessTokenVerifier
    ) -> RouterGroup<OperatorContext> {
        group(path, context: CallerContext.self)
            .add(middleware: TokenMiddleware(verifier: verifier, keys: nil, sessions: nil))
            .group("", context: OperatorContext.self)
    }
}

extension RouterGroup where Context == TenantContext {
    /// The same routes, for those only whose token holds the permission; 403 names it to others.
    public func requiring(_ requirement: Requirement) -> RouterGroup<TenantContext> {
        group().add(middleware: PermissionMiddleware(requirement: requirement))
    }
}
