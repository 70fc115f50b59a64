/// An event that is owed to one webhook: a row in the queue until it is settled.
public struct Delivery: Identified, Hashable, Sendable {
    public static let identifierPrefix = "dlv"
    public typealias ID = Identifier<Delivery>

    /// Why it is owed. Automatic attempts keep the trigger of the first. Raw values are those of the tables.
    public enum Trigger: Int16, Hashable, Sendable, CaseIterable {
        case event = 0, retry, replay, test

        public var name: String { ["event", "retry", "replay", "test"][Int(rawValue)] }
    }

    public let id: ID
    public let shard: Shard
    public let tenantID: Tenant.ID
    public let webhookID: Webhook.ID
    public let eventID: Event.ID
    /// Its place in the lane, by the database's clock.
    public var dueAt: Instant
    /// In an ordered lane: when the head may go again.
    public var notBefore: Instant?
    /// Nil: unordered.
    public let orderKey: Int64?
    /// Attempts already made, 0 at first.
    public var attempts: Int16
    public let trigger: Trigger

    public init(
        id: ID, shard: Shard, tenantID: Tenant.ID, webhookID: Webhook.ID, eventID: Event.ID, dueAt: Instant,
        notBefore: Instant? = nil, orderKey: Int64? = nil, attempts: Int16 = 0, trigger: Trigger = .event
    ) {
        self.id = id
        self.shard = shard
        self.tenantID = tenantID
        self.webhookID = webhookID
        self.eventID = eventID
        self.dueAt = dueAt
        self.notBefore = notBefore
        self.orderKey = orderKey
        self.attempts = attempts
        self.trigger = trigger
    }
}
