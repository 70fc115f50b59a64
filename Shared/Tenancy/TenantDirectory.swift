public import Webhooks

/// Where tenants are looked up: each service brings its own, with the cache that fits it.
public protocol TenantDirectory: Sendable {
    /// The tenant of this identifier; nil for one that never was, or is deleted.
    ///
    /// - Throws: what the database throws; the request ends as that error is answered.
    func tenant(identifier: String) async throws -> Tenant?
}

/// A directory that is a closure.
public struct ClosureTenantDirectory: TenantDirectory {
    private let find: @Sendable (String) async throws -> Tenant?

    public init(_ find: @escaping @Sendable (_ identifier: String) async throws -> Tenant?) { self.find = find }

    public func tenant(identifier: String) async throws -> Tenant? { try await find(identifier) }
}
