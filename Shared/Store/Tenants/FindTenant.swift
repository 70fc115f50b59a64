public import Postgres
internal import Webhooks

/// The tenant that `X-tenant-ID` names. No row: there is none, or it was deleted.
public struct FindTenant: Statement {
    public static let sql = """
        SELECT id, identifier, name, shard, settings, created_at, updated_at, webhooks_version
          FROM tenants WHERE identifier = $1 AND deleted_at IS NULL       -- tenants_identifier_key
        """

    public let identifier: String

    public init(identifier: String) { self.identifier = identifier }

    public func bind(_ parameters: inout Parameters) { parameters.append(identifier) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantRecord {
        try TenantRecord(row)
    }
}
