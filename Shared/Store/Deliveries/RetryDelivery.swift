public import Postgres
public import Webhooks

/// Owes an event to a webhook once more, because somebody asked for it, and writes the wake. Due at once, by the
/// database's clock. No row: the webhook is deleted.
///
/// Whatever else is owed of the event stays as it is. After ``SetTenantContext``; ``NotifyWakes`` after the commit.
public struct RetryDelivery: Statement {
    public static let sql = """
        WITH w AS (
          SELECT id, tenant_id, shard FROM webhooks WHERE id = $2 AND tenant_id = $3 AND deleted_at IS NULL),
          -- webhooks_listed
        wake AS (
          INSERT INTO wakes (shard_mask, shards, webhooks) SELECT 1::bigint << shard, ARRAY[shard], ARRAY[id] FROM w)
        INSERT INTO deliveries (shard, webhook_id, due_at, id, tenant_id, event_id, order_key, trigger)
        SELECT shard, id, now(), $1, tenant_id, $4, $5, $6 FROM w RETURNING id
        """

    public let id: Delivery.ID
    public let webhook: Webhook.ID
    public let tenant: Tenant.ID
    public let event: Event.ID
    /// Nil: unordered.
    public let orderKey: Int64?

    public init(
        id: Delivery.ID = Delivery.ID(), event: Event.ID, to webhook: Webhook.ID, of tenant: Tenant.ID, orderKey: Int64?
    ) {
        self.id = id
        self.webhook = webhook
        self.tenant = tenant
        self.event = event
        self.orderKey = orderKey
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(webhook)
        parameters.append(tenant)
        parameters.append(event)
        parameters.append(orderKey)
        parameters.append(Delivery.Trigger.retry)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery.ID { try row.column(0) }
}
