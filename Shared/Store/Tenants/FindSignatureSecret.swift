public import Postgres
public import Webhooks

/// A tenant's signature secret, sealed with the id's text as context.
public struct FindSignatureSecret: Statement {
    public static let sql = """
        SELECT signature_secret FROM tenants WHERE id = $1 AND deleted_at IS NULL  -- tenants_pkey
        """

    public let id: Tenant.ID

    public init(id: Tenant.ID) { self.id = id }

    public func bind(_ parameters: inout Parameters) { parameters.append(id) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> [UInt8]? { try row.optional(0) }
}
