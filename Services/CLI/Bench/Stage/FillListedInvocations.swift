import Postgres

/// A part of many invocations of one tenant, spread over the last week: a fifth of them of its newest webhook, one in
/// fifty a failure.
struct FillListedInvocations: Statement {
    static let sql = """
        WITH w AS (SELECT t.shard, w.tenant_id, array_agg(w.id ORDER BY w.id DESC) ids
                     FROM tenants t JOIN webhooks w ON w.tenant_id = t.id WHERE t.identifier = $1 GROUP BY 1, 2)
        INSERT INTO invocations (shard, webhook_id, id, tenant_id, event_id, delivery_id, started_at, duration_ms,
               attempt, status, outcome, error_class, trigger, is_final, event_type, remote_address)
        SELECT w.shard, w.ids[CASE WHEN n % 5 = 0 THEN 1 ELSE 1 + n % cardinality(w.ids) END],
               (left(ulid_floor(now() - interval '7 days' * (1 - n::float8 / $4))::text, 13)
                || substr(md5('i' || n), 1, 20))::uuid,
               w.tenant_id,
               (left(ulid_floor(now() - interval '7 days' * (1 - n::float8 / $4))::text, 13)
                || substr(md5('e' || n), 1, 20))::uuid,
               md5('d' || n)::uuid, now() - interval '7 days' * (1 - n::float8 / $4), 12, 1,
               CASE WHEN n % 50 = 0 THEN 500 ELSE 200 END, (n % 50 = 0)::int, CASE WHEN n % 50 = 0 THEN 12 END, 0, true,
               CASE WHEN n % 100000 = 0 THEN 'payment-failed' ELSE 'order-' ||
                 (ARRAY['created', 'updated', 'fulfilled', 'cancelled'])[1 + n % 4] END, '192.0.2.1'
          FROM w, generate_series($2, $3) n
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
