-- The whole tenant API: who changed what, answers that are given again, test sends.

-- Who changed which members of a webhook, secrets left out. Written in the transaction of the change, never changed.
CREATE TABLE martlet.webhook_changes (
  created_at timestamptz NOT NULL DEFAULT now(),
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  changed_by text,                                             -- `sub` of the token; null: it had none
  changes text NOT NULL,                                       -- JSON: [{"member","from","to"}]
  PRIMARY KEY (webhook_id, id)
);

-- Idempotency-Key of the API's POSTs. Kept for a day, purged in the background.
CREATE TABLE martlet.idempotency_keys (
  created_at timestamptz NOT NULL DEFAULT now(),
  runs_until timestamptz NOT NULL,                             -- a request that has not ended by then is taken for dead
  tenant_id uuid NOT NULL,                                     -- all zeros: the operator's requests
  key uuid NOT NULL,                                           -- first 16 bytes of SHA-256(path ‖ 0 ‖ key)
  body uuid NOT NULL,
  run uuid NOT NULL,                                           -- the request that holds it
  answer bytea,                                                -- sealed; null while the request runs
  PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_keys_created ON martlet.idempotency_keys (created_at);

-- The API's role sees one tenant at a time, so what is past its day is deleted on its behalf.
CREATE FUNCTION martlet.purge_idempotency_keys(age interval, most int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  WITH gone AS (
    DELETE FROM idempotency_keys k USING (
      SELECT tenant_id, key FROM idempotency_keys WHERE created_at <= now() - age
       ORDER BY created_at LIMIT most FOR UPDATE SKIP LOCKED) old
     WHERE k.tenant_id = old.tenant_id AND k.key = old.key RETURNING 1)
  SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION martlet.purge_idempotency_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION martlet.purge_idempotency_keys TO martlet_api;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['webhook_changes', 'idempotency_keys'] LOOP
    EXECUTE format('ALTER TABLE martlet.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY tenant ON martlet.%I TO martlet_api USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid))$p$, t);
  END LOOP;
END $$;
CREATE POLICY service ON martlet.webhook_changes TO martlet_delivery USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON martlet.webhook_changes TO martlet_api;
GRANT INSERT ON martlet.webhook_changes TO martlet_delivery;   -- what Martlet itself changes: a webhook that it disables
GRANT SELECT, INSERT, UPDATE, DELETE ON martlet.idempotency_keys TO martlet_api;

-- Test sends are made, and recorded, by the API.
GRANT INSERT ON martlet.invocations TO martlet_api;
