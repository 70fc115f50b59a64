public import Postgres
public import Webhooks

/// Deletes one pending delivery of a tenant, keeps that it was cancelled, and tells its owner, who may have read it
/// already. No row: it is settled, or never was.
///
/// It reads the part of the tenant's lanes that is younger than the delivery: no index is kept for it.
public struct CancelDelivery: Statement {
    public static let sql = """
        WITH gone AS (
          DELETE FROM deliveries WHERE tenant_id = $2 AND ctid = ANY (ARRAY(
            SELECT d.ctid FROM webhooks w CROSS JOIN LATERAL (            -- webhooks_listed
                   SELECT d.ctid FROM deliveries d WHERE d.shard = $1 AND d.webhook_id = w.id AND d.due_at >= $4
                      AND d.tenant_id = $2 AND d.id = $3 LIMIT 1) d       -- deliveries_pkey
             WHERE w.tenant_id = $2 AND w.deleted_at IS NULL))
          RETURNING id, shard, tenant_id, event_id, webhook_id),
        kept AS (
          INSERT INTO cancelled_deliveries (shard, tenant_id, event_id, id, webhook_id)
          SELECT shard, tenant_id, event_id, id, webhook_id FROM gone),
        wake AS (
          INSERT INTO wakes (shard_mask, shards, webhooks, removes)
          SELECT 1::bigint << shard, ARRAY[shard], ARRAY[webhook_id], true FROM gone)
        SELECT id FROM gone
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    public let id: Delivery.ID

    public init(id: Delivery.ID, shard: Shard, tenant: Tenant.ID) {
        self.shard = shard
        self.tenant = tenant
        self.id = id
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(tenant)
        parameters.append(id)
        parameters.append(id.earliestDue)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery.ID { try row.column(0) }
}
