public import Postgres
public import Webhooks

/// Aborts the transaction with ``SQLState/directoryOutOfDate`` unless every tenant's webhooks are at the version given.
///
/// The first statement of an ingest batch: its snapshot is younger than every request of the batch, so a webhook that
/// was created before any of them is known. A tenant that is gone aborts too.
public struct RequireDirectoryVersions: Statement {
    public static let sql = """
        SELECT require(count(*) = 0, 'MA002') FROM unnest($1, $2) u(tenant, version)
          LEFT JOIN LATERAL (SELECT webhooks_version FROM tenants t
                WHERE t.id = u.tenant AND t.deleted_at IS NULL LIMIT 1) t ON true  -- tenants_pkey
         WHERE t.webhooks_version IS DISTINCT FROM u.version
        """

    public let tenants: [Tenant.ID]
    /// As many as `tenants`.
    public let versions: [Int64]

    public init(tenants: [Tenant.ID], versions: [Int64]) {
        self.tenants = tenants
        self.versions = versions
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenants)
        parameters.append(versions)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
