-- The control plane: who the tenants are, what they subscribe to, who delivers. Small tables, read often, changed by people.

-- The smallest id of an instant: bounds of day partitions, "since" of lists.
CREATE FUNCTION martlet.ulid_floor(t timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT (lpad(to_hex((extract(epoch FROM t) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;

-- When an id was made, in milliseconds since 1970.
CREATE FUNCTION martlet.ulid_milliseconds(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint $$;

-- A check that ABORTS. In a pipeline nobody reads a SELECT's rows before the next statement runs: "0 rows" stops nothing.
-- MA001 = shard lost (fenced), MA002 = subscription directory out of date, MA003 = event key used for other content.
CREATE FUNCTION martlet.require(ok boolean, code text) RETURNS void LANGUAGE plpgsql VOLATILE AS
$$ BEGIN IF ok IS NOT TRUE THEN RAISE EXCEPTION 'martlet: %', code USING ERRCODE = code; END IF; END $$;

CREATE TABLE martlet.tenants (
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,                                      -- the row stays: an identifier is never given twice
  webhooks_version bigint NOT NULL DEFAULT 0,                  -- raised in the transaction of every webhook change
  id uuid PRIMARY KEY,
  shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),      -- drawn once, stored: never a hash at run time
  identifier text NOT NULL UNIQUE,
  name text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  signature_secret bytea                                       -- sealed; context: the tenant's id as text
) WITH (fillfactor = 70);

-- A tenant's own event types, beside the catalogue's.
CREATE TABLE martlet.event_types (
  created_at timestamptz NOT NULL DEFAULT now(),
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  resource text NOT NULL,
  action text NOT NULL,
  description text,
  is_partial boolean NOT NULL DEFAULT false,
  schema jsonb,
  example jsonb,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE martlet.webhooks (
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,                                      -- a tombstone: directories and owners learn of it by its version
  version bigint NOT NULL,                                     -- the tenant's webhooks_version at its last change
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  shard smallint NOT NULL,
  configuration jsonb NOT NULL,
  disabled_reason text
);
CREATE INDEX webhooks_changes ON martlet.webhooks (tenant_id, version);    -- only what changed is loaded; tombstones included
CREATE INDEX webhooks_listed ON martlet.webhooks (tenant_id, id) WHERE deleted_at IS NULL;

-- Sealed by EncryptionKeys with the context "<webhook id>/<kind>". Several rows of a kind while a rotation overlaps.
CREATE TABLE martlet.webhook_secrets (
  created_at timestamptz NOT NULL DEFAULT now(),
  valid_until timestamptz,                                     -- null: the current one
  webhook_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),         -- 0 signing, 1 authentication, 2 Ed25519 private
  sealed bytea NOT NULL,
  hint text,
  PRIMARY KEY (webhook_id, kind, created_at)
);

-- Events to be sent again. Durable: `position` is the last event or invocation that was queued.
CREATE TABLE martlet.replays (
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  matched bigint NOT NULL DEFAULT 0,
  queued bigint NOT NULL DEFAULT 0,
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  position uuid,
  shard smallint NOT NULL,
  state smallint NOT NULL DEFAULT 0,                           -- 0 running, 1 finished, 2 failed
  failed_only boolean NOT NULL DEFAULT true
);
CREATE INDEX replays_running ON martlet.replays (shard, id) WHERE state = 0;

CREATE TABLE martlet.workers (
  beat bigint NOT NULL DEFAULT 0,
  joined_at timestamptz NOT NULL DEFAULT now(),
  fenced_at timestamptz,
  id uuid PRIMARY KEY,
  name text NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- The lease row IS the fence: every flush locks the rows of the shards it writes.
CREATE TABLE martlet.shard_leases (
  epoch bigint NOT NULL DEFAULT 0,
  owner uuid,
  shard smallint PRIMARY KEY
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
INSERT INTO martlet.shard_leases (shard) SELECT generate_series(0, 63);

-- What a lane must remember over restarts and hand-overs. A row only while there is something to remember.
CREATE TABLE martlet.lane_states (
  paused_until timestamptz,
  failing_since timestamptz,
  webhook_id uuid NOT NULL,
  consecutive_failures int NOT NULL DEFAULT 0,
  shard smallint NOT NULL,
  breaker smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (shard, webhook_id)
) WITH (fillfactor = 50);
