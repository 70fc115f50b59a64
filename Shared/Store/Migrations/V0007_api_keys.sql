-- Keys that a tenant's programs call with, in the place of an access token.

CREATE TABLE martlet.api_keys (
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,                                      -- null: never
  last_used_at timestamptz,                                    -- true to a minute or so
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  digest bytea NOT NULL UNIQUE,                                -- SHA-256 of the key: 32 random bytes need no salt
  name text NOT NULL,
  hint text NOT NULL,
  created_by text,                                             -- `sub` of the token that asked for it
  permissions text[] NOT NULL
);
CREATE INDEX api_keys_listed ON martlet.api_keys (tenant_id, id);

ALTER TABLE martlet.api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON martlet.api_keys TO martlet_api
  USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid));
-- Nobody reads the digests: a key is found by the function below, which is told one.
GRANT SELECT (id, tenant_id, name, permissions, hint, created_at, created_by, expires_at, last_used_at), INSERT, DELETE
   ON martlet.api_keys TO martlet_api;

-- Whose key it is: asked before the tenant is known, so it runs as the owner, past row-level security, and gives away
-- nothing but the row whose key the caller has. Its use is noted at most once a minute, and waits for nobody.
CREATE FUNCTION martlet.use_api_key(given bytea)
RETURNS TABLE (id uuid, tenant text, permissions text[], expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT k.id, t.identifier, k.permissions, k.expires_at FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
     WHERE k.digest = given AND (k.expires_at IS NULL OR k.expires_at > now()) AND t.deleted_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE api_keys u SET last_used_at = now()
   WHERE u.id = (SELECT k.id FROM api_keys k
                  WHERE k.digest = given AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute')
                    FOR UPDATE SKIP LOCKED);
END $$;
REVOKE EXECUTE ON FUNCTION martlet.use_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION martlet.use_api_key TO martlet_api, martlet_ingester;
