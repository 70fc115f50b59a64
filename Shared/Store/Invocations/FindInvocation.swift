public import Postgres
public import Webhooks

/// One invocation of a tenant; also of a webhook that was deleted: whoever asks checks that.
public struct FindInvocation: Statement {
    public static let sql = """
        SELECT \(Invocation.columns)
          FROM ((SELECT * FROM invocations WHERE shard = $1 AND id BETWEEN $2 AND $2 AND tenant_id = $3
                  ORDER BY id LIMIT 1)                                    -- invocations_id: no other gives the order
                 UNION ALL
                (SELECT * FROM invocations_kept WHERE shard = $1 AND id BETWEEN $2 AND $2 AND tenant_id = $3
                  ORDER BY id LIMIT 1)) i                                 -- invocations_kept_id
         LIMIT 1
        """

    public let shard: Shard
    public let tenant: Tenant.ID
    public let id: Invocation.ID

    public init(id: Invocation.ID, shard: Shard, tenant: Tenant.ID) {
        self.shard = shard
        self.tenant = tenant
        self.id = id
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
