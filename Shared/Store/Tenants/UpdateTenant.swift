public import Postgres
public import Webhooks

/// Changes a tenant's name and settings. No row: there is no such tenant, or it has changed since `version`.
///
/// Settings decide how webhooks are dressed and which events are taken, so all of its webhooks count as changed.
/// After ``SetTenantContext``; ``NotifyWakes`` after the commit.
public struct UpdateTenant: Statement {
    public static let sql = """
        WITH t AS (
          UPDATE tenants SET name = $2, settings = $3, updated_at = now(), webhooks_version = webhooks_version + 1
           WHERE id = $1 AND deleted_at IS NULL AND ($4::bigint IS NULL OR webhooks_version = $4)  -- tenants_pkey
          RETURNING id, identifier, name, shard, settings, created_at, updated_at, webhooks_version),
        changed AS (
          UPDATE webhooks w SET version = t.webhooks_version FROM t
           WHERE w.tenant_id = t.id AND w.deleted_at IS NULL),            -- webhooks_listed
        wake AS (INSERT INTO wakes (shard_mask, tenants) SELECT 1::bigint << shard, ARRAY[id] FROM t)
        SELECT id, identifier, name, shard, settings, created_at, updated_at, webhooks_version FROM t
        """

    public let id: Tenant.ID
    public let name: String
    public let settings: TenantSettings
    /// ``TenantRecord/webhooksVersion`` that was read; nil: whatever it is.
    public let version: Int64?

    public init(id: Tenant.ID, name: String, settings: TenantSettings, version: Int64? = nil) {
        self.id = id
        self.name = name
        self.settings = settings
        self.version = version
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(name)
        parameters.append(PostgresJSON(encoding: settings))
        parameters.append(version)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantRecord {
        try TenantRecord(row)
    }
}
