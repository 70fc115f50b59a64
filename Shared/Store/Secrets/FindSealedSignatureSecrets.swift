public import Postgres
public import Webhooks

/// Signature secrets of all tenants in the order of their ids, those of deleted ones too. As the owner.
public struct FindSealedSignatureSecrets: Statement {
    public static let sql = """
        SELECT id, signature_secret FROM tenants WHERE id > $1 AND signature_secret IS NOT NULL  -- tenants_pkey
         ORDER BY id LIMIT $2
        """

    /// Nil: from the first one.
    public let last: Tenant.ID?
    /// Rows at most.
    public let limit: Int

    public init(after last: Tenant.ID?, limit: Int) {
        self.last = last
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(last ?? Tenant.ID(ULID(0)))
        parameters.append(limit)
    }

    /// A secret, sealed with the id's text as context.
    public struct Row: Sendable {
        public let tenant: Tenant.ID
        public let sealed: [UInt8]
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(tenant: try row.column(0), sealed: try row.column(1))
    }
}
