-- One role a service, each with the least it needs. They cannot log in until they are given a password (`martlet up`,
-- deploy/postgres/roles.sql). Roles belong to the cluster: another database may have made them already, or be about to.
DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['martlet_api', 'martlet_ingester', 'martlet_delivery', 'martlet_metrics'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT USAGE ON SCHEMA martlet TO %I', r);
    EXECUTE format('GRANT EXECUTE ON FUNCTION martlet.ensure_partition TO %I', r);
    EXECUTE format('GRANT SELECT ON martlet.schema_migrations TO %I', r);
  END LOOP;
END $$;

-- Row-level security beneath the API's own WHERE. Services that see every tenant have a policy of `true` (BYPASSRLS needs a
-- superuser to grant). nullif + missing_ok: without the setting there is no row, not an error; the sub-select runs once.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['event_types', 'webhooks', 'webhook_secrets', 'replays', 'events', 'event_keys', 'deliveries',
                           'invocations', 'invocations_kept', 'delivery_stats'] LOOP
    EXECUTE format('ALTER TABLE martlet.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY tenant ON martlet.%I TO martlet_api USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid))$p$, t);
    EXECUTE format('CREATE POLICY service ON martlet.%I TO martlet_ingester, martlet_delivery, martlet_metrics USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

-- Every service: which tenant is meant. Their secrets only where a request is signed or shown.
GRANT SELECT (id, shard, identifier, name, settings, webhooks_version, created_at, updated_at, deleted_at) ON martlet.tenants
   TO martlet_ingester, martlet_metrics;

GRANT SELECT, INSERT, UPDATE ON martlet.tenants, martlet.webhooks TO martlet_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON martlet.webhook_secrets, martlet.event_types TO martlet_api;
GRANT SELECT, INSERT ON martlet.replays TO martlet_api;
GRANT SELECT ON martlet.events, martlet.invocations, martlet.invocations_kept, martlet.delivery_stats TO martlet_api;
GRANT SELECT, DELETE ON martlet.deliveries TO martlet_api;
GRANT INSERT ON martlet.wakes TO martlet_api;

GRANT SELECT ON martlet.webhooks, martlet.event_types TO martlet_ingester;
GRANT INSERT ON martlet.events, martlet.deliveries, martlet.wakes TO martlet_ingester;
GRANT SELECT (shard, tenant_id, id) ON martlet.events TO martlet_ingester;               -- was a lost batch committed?
GRANT SELECT, INSERT ON martlet.event_keys TO martlet_ingester;

GRANT SELECT ON martlet.tenants, martlet.webhook_secrets, martlet.events TO martlet_delivery;
GRANT UPDATE (webhooks_version) ON martlet.tenants TO martlet_delivery;
GRANT SELECT, UPDATE (configuration, disabled_reason, version, updated_at) ON martlet.webhooks TO martlet_delivery;
GRANT SELECT, INSERT, UPDATE, DELETE ON martlet.deliveries, martlet.lane_states, martlet.workers TO martlet_delivery;
GRANT SELECT, INSERT, UPDATE ON martlet.delivery_stats TO martlet_delivery;
GRANT SELECT, INSERT, DELETE ON martlet.wakes TO martlet_delivery;
GRANT SELECT, INSERT ON martlet.invocations TO martlet_delivery;
GRANT SELECT, UPDATE ON martlet.shard_leases, martlet.replays TO martlet_delivery;

GRANT SELECT ON martlet.webhooks, martlet.deliveries, martlet.delivery_stats, martlet.workers, martlet.shard_leases TO martlet_metrics;
