import Postgres

/// Many webhooks of one tenant at once, with configurations as the API keeps them.
struct FillListedWebhooks: Statement {
    static let sql = """
        INSERT INTO webhooks (id, tenant_id, shard, version, configuration)
        SELECT (left(ulid_floor(now() - $2 * interval '1 s' + n * interval '1 s')::text, 13)
                || substr(md5('w' || n), 1, 20))::uuid, t.id, t.shard, n, jsonb_build_object(
                 'name', 'webhook ' || n, 'type', 'http', 'url', 'https://receiver-' || n || '.example.com/webhooks',
                 'events', CASE n % 4 WHEN 0 THEN '["*"]' WHEN 1 THEN '["order-created","order-updated"]'
                                      WHEN 2 THEN '["product-*"]' ELSE '["customer-created"]' END::jsonb,
                 'isEnabled', n % 10 <> 0, 'whenDisabled', 'queue', 'method', 'POST', 'headers', '{}'::jsonb,
                 'signatures', '["v1"]'::jsonb, 'preserveDefaultPayload', false, 'format', 'envelope', 'data', 'latest',
                 'timeoutMs', 5000, 'connectTimeoutMs', 1000, 'maxConcurrency', 32, 'ordering', 'none',
                 'metadata', jsonb_build_object('team', 'team-' || n % 50))
          FROM tenants t, generate_series(1, $2) n WHERE t.identifier = $1
        """

    let tenant: String
    let count: Int

    func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(count)
    }
}
