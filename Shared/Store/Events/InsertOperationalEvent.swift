public import Postgres
public import Webhooks

/// Stores what Martlet itself tells: by the shard's owner, in a transaction that ends with ``RequireShards``.
///
/// Without a resource key: its data is a report, always sent as it is and never the newest data of a resource.
public struct InsertOperationalEvent: Statement {
    public static let sql = """
        INSERT INTO events (shard, tenant_id, id, event_type, resource_id, occurred_at, data)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """

    public let event: OperationalEvent
    public let shard: Shard
    public let tenant: Tenant.ID

    public init(_ event: OperationalEvent, shard: Shard, tenant: Tenant.ID) {
        self.event = event
        self.shard = shard
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(event.id)
        parameters.append(event.type)
        parameters.append(event.resourceID)
        parameters.append(event.occurredAt)
        parameters.append(StoredPayload.encode(event.data))
    }
}
