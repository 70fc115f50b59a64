public import Postgres
public import Webhooks

/// Marks a tenant and its webhooks deleted; their owner cancels what is pending. No row: there is no such tenant.
///
/// The identifier stays taken for ever. After ``SetTenantContext``; ``NotifyWakes`` after the commit.
public struct DeleteTenant: Statement {
    public static let sql = """
        WITH t AS (
          UPDATE tenants SET deleted_at = now(), updated_at = now(), webhooks_version = webhooks_version + 1
           WHERE id = $1 AND deleted_at IS NULL RETURNING id, shard, webhooks_version),  -- tenants_pkey
        gone AS (
          UPDATE webhooks w SET deleted_at = now(), updated_at = now(), version = t.webhooks_version FROM t
           WHERE w.tenant_id = t.id AND w.deleted_at IS NULL),            -- webhooks_listed
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM t)
        SELECT id FROM t
        """

    public let id: Tenant.ID

    public init(id: Tenant.ID) { self.id = id }

    public func bind(_ parameters: inout Parameters) { parameters.append(id) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Tenant.ID { try row.column(0) }
}
