public import Postgres
public import Webhooks

/// A tenant's signature secret, sealed with the id's text as context. No row for another tenant than the one that is
/// meant: `tenants` has no row-level security, as it is read to find out which one that is. After ``SetTenantContext``.
public struct FindSignatureSecret: Statement {
    public static let sql = """
        SELECT signature_secret FROM tenants WHERE id = $1 AND deleted_at IS NULL  -- tenants_pkey
           AND id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid)
        """

    public let id: Tenant.ID

    public init(id: Tenant.ID) { self.id = id }

    public func bind(_ parameters: inout Parameters) { parameters.append(id) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> [UInt8]? { try row.optional(0) }
}
