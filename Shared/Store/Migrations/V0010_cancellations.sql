-- What became of deliveries that left no invocation, when a pending one was last changed, and searches that see no punctuation.

-- Cancelled by hand: settled without a request, so the history would know nothing of them.
CREATE TABLE martlet.cancelled_deliveries (
  cancelled_at timestamptz NOT NULL DEFAULT now(),
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  shard smallint NOT NULL,
  PRIMARY KEY (shard, tenant_id, event_id, id)
);
ALTER TABLE martlet.cancelled_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON martlet.cancelled_deliveries TO martlet_api
 USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON martlet.cancelled_deliveries TO martlet_api;

-- Set when an attempt failed; null until then, which costs no byte.
ALTER TABLE martlet.deliveries ADD COLUMN updated_at timestamptz;

-- As before, but the names of events stand alone: a search for `", "` found every webhook with two of them.
CREATE FUNCTION martlet.lines(list jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT string_agg(e, E'\n') FROM jsonb_array_elements_text(list) e $$;
ALTER TABLE martlet.webhooks DROP COLUMN searched;
ALTER TABLE martlet.webhooks ADD COLUMN searched text GENERATED ALWAYS AS (lower(
  (configuration ->> 'name') || E'\n' || (configuration ->> 'url') || E'\n'
  || coalesce(martlet.lines(configuration -> 'events'), ''))) STORED;
