import Postgres

/// A part of many events of one tenant, spread over the last week: ten types, one of them rare.
struct FillListedEvents: Statement {
    static let sql = """
        INSERT INTO events (shard, tenant_id, id, resource_key, event_type, resource_id, data)
        SELECT t.shard, t.id,
               (left(ulid_floor(now() - interval '7 days' * (1 - n::float8 / $4))::text, 13)
                || substr(md5('e' || n), 1, 20))::uuid,
               md5('order-' || n % 1000000)::uuid,
               CASE WHEN n % 100000 = 0 THEN 'payment-failed' ELSE 'order-' ||
                 (ARRAY['created', 'updated', 'fulfilled', 'cancelled'])[1 + n % 4] END,
               'order-' || n % 1000000, '\\x00'::bytea || convert_to('{"id":"order-' || n || '"}', 'UTF8')
          FROM tenants t, generate_series($2, $3) n WHERE t.identifier = $1
        """

    let tenant: String
    let range: Range<Int>
    let total: Int

    func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(range.lowerBound)
        parameters.append(range.upperBound - 1)
        parameters.append(Double(total))
    }
}
