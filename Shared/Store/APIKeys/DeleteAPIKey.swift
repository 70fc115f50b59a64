public import Postgres
public import Webhooks

/// Revokes an API key. No row: there is none, or it is another tenant's. After ``SetTenantContext``.
public struct DeleteAPIKey: Statement {
    public static let sql = """
        DELETE FROM api_keys WHERE id = $1 AND tenant_id = $2 RETURNING id  -- api_keys_listed
        """

    public let id: APIKey.ID
    public let tenant: Tenant.ID

    public init(id: APIKey.ID, tenant: Tenant.ID) {
        self.id = id
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> APIKey.ID { try row.column(0) }
}
