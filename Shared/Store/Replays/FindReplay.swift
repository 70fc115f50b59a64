public import Postgres
public import Webhooks

/// One replay of a tenant, as far as it is.
public struct FindReplay: Statement {
    public static let sql = """
        SELECT id, shard, tenant_id, webhook_id, since, until, failed_only, state, matched, queued, created_at,
               finished_at
          FROM replays WHERE id = $1 AND tenant_id = $2                   -- replays_pkey
        """

    public let id: Replay.ID
    public let tenant: Tenant.ID

    public init(id: Replay.ID, tenant: Tenant.ID) {
        self.id = id
        self.tenant = tenant
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(tenant)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Replay { try Replay(row) }
}
