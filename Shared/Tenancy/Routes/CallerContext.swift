public import Hosting
public import Hummingbird
public import Webhooks

/// A request on its way through authentication: what is proven so far. No route has this context.
public struct CallerContext: RequestContext {
    public typealias Source = HostRequestContext

    public var coreContext: CoreRequestContextStorage
    let requestID: String
    var token: AccessToken?
    var tenant: Tenant?

    public init(source: HostRequestContext) {
        coreContext = source.coreContext
        requestID = source.requestID
    }
}

/// A request of a tenant: whoever holds this value has a token that covers the tenant. Its initialiser is the only way
/// to one, and throws unless both were proven.
public struct TenantContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// `X-Request-ID` of the answer.
    public let requestID: String
    public let token: AccessToken
    public let tenant: Tenant

    public init(context: CallerContext) throws {
        guard let token = context.token, let tenant = context.tenant else { throw Refusal.noToken }
        self.token = token
        self.tenant = tenant
        requestID = context.requestID
        coreContext = context.coreContext
    }
}

/// A request of an operator: whoever holds this value has a token with `tenants:admin`.
public struct OperatorContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// `X-Request-ID` of the answer.
    public let requestID: String
    public let token: AccessToken

    public init(context: CallerContext) throws {
        guard let token = context.token else { throw Refusal.noToken }
        guard token.permissions.contains(.tenantsAdmin) else { throw Refusal.missing(.tenantsAdmin) }
        self.token = token
        requestID = context.requestID
        coreContext = context.coreContext
    }
}
