public import Postgres
public import Webhooks

/// Adds an event type of a tenant's own. No row: there is one of this name, or the tenant has its limit.
///
/// The tenant's version is raised, so that ingesters read its types again. After ``SetTenantContext`` and
/// ``LockTenant``.
public struct CreateEventType: Statement {
    public static let sql = """
        WITH v AS (
          UPDATE tenants SET webhooks_version = webhooks_version + 1      -- tenants_pkey
           WHERE id = $1 AND deleted_at IS NULL
             AND $8 > (SELECT count(*) FROM event_types e WHERE e.tenant_id = $1)  -- event_types_pkey
             AND NOT EXISTS (SELECT FROM event_types e WHERE e.tenant_id = $1 AND e.name = $2)
          RETURNING id)
        INSERT INTO event_types (tenant_id, name, resource, action, description, schema, example)
        SELECT v.id, $2, $3, $4, $5, $6, $7 FROM v
        RETURNING name, description, schema::text, example::text, created_at
        """

    public let tenant: Tenant.ID
    public let type: EventType
    /// JSON text.
    public let schema: [UInt8]?
    /// JSON text.
    public let example: [UInt8]?
    /// Types that a tenant may have of its own.
    public let limit: Int

    public init(tenant: Tenant.ID, type: EventType, schema: [UInt8]?, example: [UInt8]?, limit: Int) {
        self.tenant = tenant
        self.type = type
        self.schema = schema
        self.example = example
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(type.name)
        parameters.append(type.resource)
        parameters.append(type.action)
        parameters.append(type.description.isEmpty ? nil : type.description)
        parameters.append(schema.map(PostgresJSON.init))
        parameters.append(example.map(PostgresJSON.init))
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantEventType {
        try TenantEventType(row)
    }
}
