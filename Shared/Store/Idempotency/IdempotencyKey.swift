public import Webhooks

/// What names a request that may be sent again: whose it is, and a digest of its path and `Idempotency-Key`.
public struct IdempotencyKey: Sendable, Hashable {
    /// How long an answer is kept.
    public static let lifetime: Duration = .seconds(86400)

    public let tenant: Tenant.ID
    public let key: Fingerprint

    /// - Parameter caller: where the answer is for one caller only, who that is.
    public init(tenant: Tenant.ID, path: String, key: String, caller: String = "") {
        self.tenant = tenant
        let personal: [[UInt8]] = caller.isEmpty ? [] : [[0], Array(caller.utf8)]
        self.key = Fingerprint(of: [Array(path.utf8), [0], Array(key.utf8)] + personal)
    }

    /// The tenant of requests that have none: the operator's.
    public static let ofOperator = Tenant.ID(ULID(0))

    /// What a kept answer is sealed with.
    public var context: String { "\(tenant)/idempotency/\(ULID(key.value))" }

    /// Names one run of a request among those that may hold its key.
    public struct Run: Identified, Sendable { public static let identifierPrefix = "run" }
}
