-- What a session of the portal hangs on, how many of them there may be, and how much waited for webhooks over time.

-- A link, and the session that it opens, end with the API key that asked for them.
ALTER TABLE martlet.portal_links ADD COLUMN api_key_id uuid;      -- null: a token asked; its end is `expires_at`
ALTER TABLE martlet.portal_sessions ADD COLUMN api_key_id uuid;
CREATE INDEX portal_links_tenant ON martlet.portal_links (tenant_id);         -- how many a tenant has
CREATE INDEX portal_sessions_tenant ON martlet.portal_sessions (tenant_id, id);
GRANT SELECT (tenant_id, expires_at) ON martlet.portal_links TO martlet_api;

-- Most deliveries that waited at once, of the looks in that minute; 0 where nobody looked.
ALTER TABLE martlet.delivery_stats ADD COLUMN queue_depth int NOT NULL DEFAULT 0;
GRANT INSERT (shard, webhook_id, minute, tenant_id, queue_depth), UPDATE (queue_depth) ON martlet.delivery_stats TO martlet_metrics;

CREATE FUNCTION martlet.api_key_holds(key uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = martlet, pg_temp AS $$
  SELECT key IS NULL OR EXISTS (SELECT FROM api_keys k WHERE k.id = key AND (k.expires_at IS NULL OR k.expires_at > now()))
$$;

-- As in V0011: each is told a secret before the tenant is known, runs as the owner, and gives away nothing else.

-- Whose link it is; the link stays.
CREATE FUNCTION martlet.find_portal_link(link bytea) RETURNS TABLE (tenant text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  SELECT t.identifier, t.name FROM portal_links l JOIN tenants t ON t.id = l.tenant_id
   WHERE l.digest = link AND l.expires_at > now() AND t.deleted_at IS NULL AND api_key_holds(l.api_key_id)
$$;

-- Turns a link into a session, once, in the place of the browser's old one; the tenant keeps the newest `most`. The
-- version before calls it with the first three.
DROP FUNCTION martlet.open_portal_session(bytea, uuid, bytea);
CREATE FUNCTION martlet.open_portal_session(link bytea, session uuid, cookie bytea, replaced bytea DEFAULT NULL, most int DEFAULT 500)
RETURNS TABLE (tenant text, permissions text[], created_by text, expires_at timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  WITH used AS (DELETE FROM portal_links l WHERE l.digest = link RETURNING l.*),
  opened AS (
    INSERT INTO portal_sessions (id, tenant_id, digest, created_by, permissions, expires_at, api_key_id)
    SELECT session, u.tenant_id, cookie, u.created_by, u.permissions, u.expires_at, u.api_key_id
      FROM used u JOIN tenants t ON t.id = u.tenant_id
     WHERE u.expires_at > now() AND t.deleted_at IS NULL AND api_key_holds(u.api_key_id)
    RETURNING *),
  left_over AS (DELETE FROM portal_sessions s USING opened o WHERE s.digest = replaced),
  too_many AS (
    DELETE FROM portal_sessions s USING opened o CROSS JOIN LATERAL (
      SELECT old.id FROM portal_sessions old WHERE old.tenant_id = o.tenant_id ORDER BY old.id DESC OFFSET most - 1) old
     WHERE s.id = old.id)
  SELECT t.identifier, o.permissions, o.created_by, o.expires_at FROM opened o JOIN tenants t ON t.id = o.tenant_id
$$;

DROP FUNCTION martlet.use_portal_session(bytea);
CREATE FUNCTION martlet.use_portal_session(cookie bytea)
RETURNS TABLE (id uuid, tenant text, permissions text[], created_by text, expires_at timestamptz, api_key_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  SELECT s.id, t.identifier, s.permissions, s.created_by, s.expires_at, s.api_key_id
    FROM portal_sessions s JOIN tenants t ON t.id = s.tenant_id
   WHERE s.digest = cookie AND s.expires_at > now() AND t.deleted_at IS NULL AND api_key_holds(s.api_key_id)
$$;

-- For signing out, and for signing in anew: whoever has the cookie may end its session.
CREATE FUNCTION martlet.end_portal_session(cookie bytea) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  DELETE FROM portal_sessions s WHERE s.digest = cookie RETURNING s.id
$$;

REVOKE EXECUTE ON FUNCTION martlet.api_key_holds, martlet.find_portal_link, martlet.open_portal_session,
  martlet.use_portal_session, martlet.end_portal_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION martlet.find_portal_link, martlet.open_portal_session, martlet.use_portal_session,
  martlet.end_portal_session TO martlet_api;
