-- The portal: links that open it once, sessions of browsers, and inspectors, which show what was sent to them.

CREATE TABLE martlet.portal_links (
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,                             -- of the link, and of the session that it opens
  tenant_id uuid NOT NULL,
  digest bytea PRIMARY KEY,                                    -- SHA-256 of the link's token: 32 random bytes need no salt
  created_by text,                                             -- `sub` of the token that asked for it
  permissions text[] NOT NULL
);
CREATE INDEX portal_links_expiry ON martlet.portal_links (expires_at);

CREATE TABLE martlet.portal_sessions (
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  digest bytea NOT NULL UNIQUE,                                -- SHA-256 of the cookie's value
  created_by text,
  permissions text[] NOT NULL
);
CREATE INDEX portal_sessions_expiry ON martlet.portal_sessions (expires_at);

CREATE TABLE martlet.inspectors (
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  name text NOT NULL UNIQUE                                    -- in its URL: 16 random bytes, shown to its tenant again
);
CREATE INDEX inspectors_listed ON martlet.inspectors (tenant_id, id);
CREATE INDEX inspectors_expiry ON martlet.inspectors (expires_at);

CREATE TABLE martlet.inspected_requests (
  inspector_id uuid NOT NULL REFERENCES martlet.inspectors ON DELETE CASCADE,
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  body_size int NOT NULL,                                      -- as it came; `body` holds its beginning
  method text NOT NULL,
  target text NOT NULL,                                        -- path and query
  verdict text NOT NULL,                                       -- of its signature: valid, invalid, missing, unknown
  verdict_detail text,
  headers bytea NOT NULL,                                      -- JSON: [[name, value], …], as a stranger sent it
  body bytea NOT NULL,
  PRIMARY KEY (inspector_id, id)
);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['portal_links', 'portal_sessions', 'inspectors', 'inspected_requests'] LOOP
    EXECUTE format('ALTER TABLE martlet.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY tenant ON martlet.%I TO martlet_api USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid))$p$, t);
  END LOOP;
END $$;
-- Nobody reads the digests: a link and a session are found by the functions below, which are told one.
GRANT INSERT ON martlet.portal_links TO martlet_api;
GRANT SELECT (id, tenant_id), INSERT, DELETE ON martlet.portal_sessions TO martlet_api;
GRANT SELECT, INSERT, DELETE ON martlet.inspectors, martlet.inspected_requests TO martlet_api;

-- Each is asked before the tenant is known, so it runs as the owner, past row-level security, and gives away nothing but
-- what belongs to whoever has the secret.

-- Turns a link into a session, once: the link is gone in the same statement.
CREATE FUNCTION martlet.open_portal_session(link bytea, session uuid, cookie bytea)
RETURNS TABLE (tenant text, permissions text[], created_by text, expires_at timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  WITH used AS (DELETE FROM portal_links l WHERE l.digest = link RETURNING l.*),
  opened AS (
    INSERT INTO portal_sessions (id, tenant_id, digest, created_by, permissions, expires_at)
    SELECT session, u.tenant_id, cookie, u.created_by, u.permissions, u.expires_at
      FROM used u JOIN tenants t ON t.id = u.tenant_id
     WHERE u.expires_at > now() AND t.deleted_at IS NULL
    RETURNING *)
  SELECT t.identifier, o.permissions, o.created_by, o.expires_at FROM opened o JOIN tenants t ON t.id = o.tenant_id
$$;

CREATE FUNCTION martlet.use_portal_session(cookie bytea)
RETURNS TABLE (id uuid, tenant text, permissions text[], created_by text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  SELECT s.id, t.identifier, s.permissions, s.created_by, s.expires_at
    FROM portal_sessions s JOIN tenants t ON t.id = s.tenant_id
   WHERE s.digest = cookie AND s.expires_at > now() AND t.deleted_at IS NULL
$$;

CREATE FUNCTION martlet.use_inspector(given text)
RETURNS TABLE (id uuid, tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  SELECT i.id, i.tenant_id FROM inspectors i JOIN tenants t ON t.id = i.tenant_id
   WHERE i.name = given AND i.expires_at > now() AND t.deleted_at IS NULL
$$;

-- The API's role sees one tenant at a time, so what is over is deleted on its behalf.
CREATE FUNCTION martlet.purge_portal(most int) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  WITH links AS (
    DELETE FROM portal_links l USING (SELECT digest FROM portal_links WHERE expires_at <= now()
      ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED) old WHERE l.digest = old.digest RETURNING 1),
  sessions AS (
    DELETE FROM portal_sessions s USING (SELECT id FROM portal_sessions WHERE expires_at <= now()
      ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED) old WHERE s.id = old.id RETURNING 1),
  seen AS (
    DELETE FROM inspectors i USING (SELECT id FROM inspectors WHERE expires_at <= now()
      ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED) old WHERE i.id = old.id RETURNING 1)
  SELECT greatest((SELECT count(*) FROM links), (SELECT count(*) FROM sessions), (SELECT count(*) FROM seen))
$$;

REVOKE EXECUTE ON FUNCTION martlet.open_portal_session, martlet.use_portal_session, martlet.use_inspector,
  martlet.purge_portal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION martlet.open_portal_session, martlet.use_portal_session, martlet.use_inspector,
  martlet.purge_portal TO martlet_api;
