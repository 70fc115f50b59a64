public import Webhooks

/// What names a request that may be sent again: whose it is, and a digest of its path and `Idempotency-Key`.
public struct IdempotencyKey: Sendable, Hashable {
    /// How long an answer is kept.
    public static let lifetime: Duration = .seconds(86400)

    public let tenant: Tenant.ID
    public let key: Fingerprint

    public init(tenant: Tenant.ID, path: String, key: String) {
        self.tenant = tenant
        self.key = Fingerprint(of: [Array(path.utf8), [0], Array(key.utf8)])
    }

    /// The tenant of requests that have none: the operator's.
    public static let ofOperator = Tenant.ID(ULID(0))

    /// What a kept answer is sealed with.
    public var context: String { "\(tenant)/idempotency/\(ULID(key.value))" }

    /// Names one run of a request among those that may hold its key.
    public struct Run: Identified, Sendable { public static let identifierPrefix = "run" }
}
