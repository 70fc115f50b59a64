/// A place of Martlet's own that takes any request for a day, and shows it.
public struct Inspector: Identified, Hashable, Sendable {
    public static let identifierPrefix = "ins"
    public typealias ID = Identifier<Inspector>
    public static let lifetime: Duration = .seconds(86400)

    public let id: ID
    public let tenantID: Tenant.ID
    /// The end of its URL, which nobody guesses.
    public let name: String
    public let createdAt: Instant
    public let expiresAt: Instant

    public init(
        id: ID = ID(), tenantID: Tenant.ID, name: String, createdAt: Instant = .now, expiresAt: Instant? = nil
    ) {
        self.id = id
        self.tenantID = tenantID
        self.name = name
        self.createdAt = createdAt
        self.expiresAt = expiresAt ?? createdAt + Self.lifetime
    }
}

/// One request that came to an inspector.
public struct InspectedRequest: Identified, Hashable, Sendable {
    public static let identifierPrefix = "req"
    public typealias ID = Identifier<InspectedRequest>

    /// What its signature is worth.
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// By a secret of the webhook that it names.
        case valid
        case invalid
        /// It has none.
        case missing
        /// It names no webhook of the tenant, or its signature is of a kind that is not read here.
        case unknown
    }

    public let id: ID
    public let inspectorID: Inspector.ID
    public let tenantID: Tenant.ID
    public let method: String
    /// Path and query as they came.
    public let target: String
    /// Sealed JSON: `[[name, value], …]` in the order in which they came.
    public let headers: [UInt8]
    /// Sealed; its beginning, where it was long.
    public let body: [UInt8]
    /// Bytes of the whole body.
    public let bodySize: Int
    public let verdict: Verdict
    /// Why.
    public let verdictDetail: String?

    public init(
        id: ID = ID(), inspectorID: Inspector.ID, tenantID: Tenant.ID, method: String, target: String,
        headers: [UInt8], body: [UInt8], bodySize: Int, verdict: Verdict, verdictDetail: String?
    ) {
        self.id = id
        self.inspectorID = inspectorID
        self.tenantID = tenantID
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.bodySize = bodySize
        self.verdict = verdict
        self.verdictDetail = verdictDetail
    }
}
