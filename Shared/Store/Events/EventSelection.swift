internal import Postgres
public import Webhooks

/// Which events of a tenant a list shows.
public struct EventSelection: Sendable {
    public let shard: Shard
    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: Event.ID?
    /// Name of an event type.
    public let type: String?
    public let resourceID: String?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        shard: Shard, tenant: Tenant.ID, before: Event.ID? = nil, type: String? = nil, resourceID: String? = nil,
        created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.shard = shard
        self.tenant = tenant
        self.before = before
        self.type = type
        self.resourceID = resourceID
        self.created = created
        self.limit = limit
    }

    /// $1 to $8.
    func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(before ?? .greatest)
        parameters.append(Event.ID.first(of: created.lowerBound))
        parameters.append(Event.ID.last(of: created.upperBound))
        parameters.append(type)
        parameters.append(resourceID)
        parameters.append(limit)
    }
}

/// An event as lists show it.
public struct ListedEvent: Sendable, Hashable {
    public let id: Event.ID
    public let tenantID: Tenant.ID
    public let type: String
    public let resourceID: String?
    public let occurredAt: Instant?
    public let traceparent: String?
    /// When the ingester took it: the time inside its id.
    public var acceptedAt: Instant { Instant(milliseconds: id.ulid.milliseconds) }

    /// Columns: id, tenant_id, event_type, resource_id, occurred_at, traceparent.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        id = try row.column(0)
        tenantID = try row.column(1)
        type = try row.column(2)
        resourceID = try row.optional(3)
        occurredAt = try row.optional(4)
        traceparent = try row.optional(5)
    }
}
