public import Postgres
public import Webhooks

/// Replaces a tenant's signature secret. No row: there is no such tenant.
///
/// All of its webhooks count as changed: the next request is signed with the new one. After ``SetTenantContext``;
/// ``NotifyWakes`` after the commit.
public struct SaveSignatureSecret: Statement {
    public static let sql = """
        WITH t AS (
          UPDATE tenants SET signature_secret = $2, updated_at = now(), webhooks_version = webhooks_version + 1
           WHERE id = $1 AND deleted_at IS NULL                           -- tenants_pkey
             AND id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid)
          RETURNING id, shard, webhooks_version),
        changed AS (
          UPDATE webhooks w SET version = t.webhooks_version FROM t
           WHERE w.tenant_id = t.id AND w.deleted_at IS NULL),            -- webhooks_listed
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM t)
        SELECT id FROM t
        """

    public let id: Tenant.ID
    /// Sealed with the id's text as context.
    public let sealed: [UInt8]

    public init(id: Tenant.ID, sealed: [UInt8]) {
        self.id = id
        self.sealed = sealed
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(sealed)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Tenant.ID { try row.column(0) }
}
