/// A tenant's subscription: URL, events, how to dress and send the request.
public struct Webhook: Identified, Hashable, Sendable {
    public static let identifierPrefix = "wbh"
    public typealias ID = Identifier<Webhook>

    /// What it does now. `inactive`: the user switched it off; `disabled`: Martlet did.
    public enum Status: String, Hashable, Sendable, CaseIterable { case active, inactive, disabled }

    public let id: ID
    public let tenantID: Tenant.ID
    public let shard: Shard
    public var configuration: WebhookConfiguration
    /// Why Martlet disabled it; nil unless it is ``Status/disabled``.
    public var disabledReason: String?
    /// The tenant's `webhooks_version` at the last change: the source of the ETag.
    public var version: Int64
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        id: ID, tenantID: Tenant.ID, shard: Shard, configuration: WebhookConfiguration, disabledReason: String? = nil,
        version: Int64, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.tenantID = tenantID
        self.shard = shard
        self.configuration = configuration
        self.disabledReason = disabledReason
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public var status: Status {
        configuration.isEnabled ? .active : disabledReason == nil ? .inactive : .disabled
    }
}
