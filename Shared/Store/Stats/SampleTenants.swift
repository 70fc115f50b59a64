public import Postgres
public import Webhooks

/// The tenants with the most invocations since a minute, and those with the most failures.
public struct SampleTenants: Statement {
    public static let sql = """
        WITH s AS MATERIALIZED (
          SELECT tenant_id, sum(succeeded) AS succeeded, sum(failed) AS failed
            FROM (SELECT * FROM delivery_stats WHERE minute >= $1         -- delivery_stats_minute
                   ORDER BY minute OFFSET 0) s
           WHERE tenant_id IS DISTINCT FROM (SELECT id FROM tenants WHERE identifier = $3)  -- tenants_identifier_key
           GROUP BY tenant_id),
        chosen AS (
          (SELECT * FROM s ORDER BY succeeded + failed DESC, tenant_id LIMIT $2)
          UNION
          (SELECT * FROM s WHERE failed > 0 ORDER BY failed DESC, tenant_id LIMIT $2))
        SELECT t.identifier, c.succeeded::bigint, c.failed::bigint FROM chosen c
         CROSS JOIN LATERAL (SELECT identifier FROM tenants t WHERE t.id = c.tenant_id LIMIT 1) t  -- tenants_pkey
         ORDER BY 1
        """

    public struct Row: Sendable, Hashable {
        public let identifier: String
        public let succeeded: Int
        public let failed: Int
    }

    public let since: Instant
    /// Of either kind at most.
    public let limit: Int

    /// Identifier of a tenant that is left out.
    public let other: String

    public init(since: Instant, limit: Int, without other: String) {
        self.since = since
        self.other = other
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(since)
        parameters.append(limit)
        parameters.append(other)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        Row(identifier: try row.column(0), succeeded: try row.column(1), failed: try row.column(2))
    }
}
