import Postgres

/// Many events of some tenants at once, as the ingester would have written them in the last seconds.
struct FillEvents: Statement {
    static let sql = """
        INSERT INTO events (shard, tenant_id, id, resource_key, event_type, resource_id, data)
        SELECT t.shard, t.id,
               (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - $2 + n), 12, '0')
                || left(md5(t.id::text || n), 20))::uuid,
               left(encode(sha256(convert_to('order', 'UTF8') || '\\x00' || convert_to('order-' || n, 'UTF8')), 'hex'),
                    32)::uuid,
               'order-created', 'order-' || n, $3
          FROM tenants t, generate_series(1, $2) n WHERE t.identifier = ANY ($1) ORDER BY n, t.shard, t.id
        """

    let tenants: [String]
    let perTenant: Int
    /// As `StoredPayload` has it.
    let data: [UInt8]

    func bind(_ parameters: inout Parameters) {
        parameters.append(tenants)
        parameters.append(perTenant)
        parameters.append(data)
    }
}
