internal import Postgres
public import Webhooks

/// Which invocations of a webhook a list shows.
public struct InvocationSelection: Sendable {
    public let shard: Shard
    public let tenant: Tenant.ID
    public let webhook: Webhook.ID
    /// Only ids below it; nil: from the newest.
    public let before: Invocation.ID?
    /// Nil: any.
    public let outcome: Outcome?
    /// Name of an event type.
    public let eventType: String?
    public var created: ClosedRange<Instant>
    /// Nothing below it is looked at; nil: all is.
    public var scanEnd: Invocation.ID?
    /// Rows at most.
    public let limit: Int

    public init(
        shard: Shard, tenant: Tenant.ID, webhook: Webhook.ID, before: Invocation.ID? = nil, outcome: Outcome? = nil,
        eventType: String? = nil, created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.shard = shard
        self.tenant = tenant
        self.webhook = webhook
        self.before = before
        self.outcome = outcome
        self.eventType = eventType
        self.created = created
        self.limit = limit
    }

    /// $1 to $9.
    func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(webhook)
        parameters.append(before ?? .greatest)
        parameters.append(max(Invocation.ID.first(of: created.lowerBound), scanEnd ?? Invocation.ID(ULID(0))))
        parameters.append(Invocation.ID.last(of: created.upperBound))
        parameters.append(tenant)
        parameters.append(outcome)
        parameters.append(eventType)
        parameters.append(limit)
    }
}
