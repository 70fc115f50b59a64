import Postgres

/// Owes all events of some tenants, none of which is owed yet, to all of their webhooks.
struct FillDeliveries: Statement {
    static let sql = """
        INSERT INTO deliveries (shard, webhook_id, due_at, id, tenant_id, event_id)
        SELECT w.shard, w.id, to_timestamp(ulid_milliseconds(e.id) / 1000.0),
               (left(e.id::text, 13) || substr(md5(w.id::text || e.id::text), 1, 20))::uuid, e.tenant_id, e.id
          FROM tenants t JOIN webhooks w ON w.tenant_id = t.id AND w.deleted_at IS NULL
                         JOIN events e ON e.tenant_id = t.id AND e.shard = t.shard
         WHERE t.identifier = ANY ($1) ORDER BY w.shard, w.id, e.id
        """

    let tenants: [String]

    func bind(_ parameters: inout Parameters) { parameters.append(tenants) }
}
