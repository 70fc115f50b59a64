-- The data plane: `shard` first in every key, no foreign keys, no triggers. Columns are ordered by width: no padding.
--
-- Plans are made while tables, and the partitions of days to come, are empty: then all indexes cost the same, and the one
-- that was made last is taken. So the order of the indexes below counts, and a partial index keeps statements away that
-- would use no more of it than `shard`. PlanTests hold it.

CREATE TABLE martlet.events (
  occurred_at timestamptz,
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  resource_key uuid,                     -- first 16 bytes of SHA-256(resource ‖ 0 ‖ resourceId); null: never the newest data
  shard smallint NOT NULL,
  event_type text NOT NULL,
  resource_id text,
  traceparent text,
  data bytea NOT NULL,                   -- one tag byte, then plain bytes or an LZ4 block: StoredPayload
  related bytea,                         -- likewise
  PRIMARY KEY (shard, tenant_id, id)
) PARTITION BY RANGE (id);
-- What is an LZ4 block already is not compressed again.
ALTER TABLE martlet.events ALTER data SET STORAGE EXTERNAL, ALTER related SET STORAGE EXTERNAL;
CREATE INDEX events_resource ON martlet.events (shard, tenant_id, resource_key, id) WHERE resource_key IS NOT NULL;

-- Idempotency keys. A unique key of a partitioned table must hold the partition column, so uniqueness is per day and the
-- statements close the gap at midnight. key, body: first 16 bytes of SHA-256 (fixed width, no text to poison a batch).
CREATE TABLE martlet.event_keys (
  tenant_id uuid NOT NULL,
  key uuid NOT NULL,
  event_id uuid NOT NULL,
  body uuid NOT NULL,
  day date NOT NULL,
  deliveries int NOT NULL,               -- how many the event was given: told again to whoever repeats it
  shard smallint NOT NULL,
  PRIMARY KEY (shard, tenant_id, key, day)
) PARTITION BY RANGE (day);

-- Pending only: a row is deleted when its delivery is settled.
CREATE TABLE martlet.deliveries (
  due_at timestamptz NOT NULL,           -- place in the lane. A retry moves it, except in an ordered lane
  not_before timestamptz,                -- ordered lanes: when the head may be tried again
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  order_key bigint,                      -- null: unordered
  shard smallint NOT NULL,
  attempt smallint NOT NULL DEFAULT 0,   -- attempts already made
  trigger smallint NOT NULL DEFAULT 0,   -- 0 event, 1 retry, 2 replay
  PRIMARY KEY (shard, webhook_id, due_at, id)
) WITH (fillfactor = 90, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 5000);
CREATE INDEX deliveries_ordered ON martlet.deliveries (shard, webhook_id, order_key, due_at, id) WHERE order_key IS NOT NULL;

-- One row for each transaction that adds deliveries (which lanes have something new, from which due_at on) or changes webhooks
-- (of which tenants). It commits with them, so it becomes visible exactly when they do, however late. NOTIFY only says: look.
CREATE TABLE martlet.wakes (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  due_at timestamptz NOT NULL DEFAULT now(),
  shard_mask bigint NOT NULL,
  shards smallint[] NOT NULL DEFAULT '{}',
  webhooks uuid[] NOT NULL DEFAULT '{}',
  tenants uuid[] NOT NULL DEFAULT '{}'
) WITH (toast_tuple_target = 8160, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX wakes_xid ON martlet.wakes (xid);

-- Append-only history: one row a request, or a settling without a request. Bytes of strangers are bytea, never text.
CREATE TABLE martlet.invocations (
  started_at timestamptz NOT NULL,
  next_attempt_at timestamptz,
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  event_id uuid,                         -- null: a test send
  delivery_id uuid,                      -- null: a test send
  data_event_id uuid,                    -- the event whose data was sent, where it is not event_id (data: latest)
  duration_ms int NOT NULL,
  dns_us int,
  connect_us int,
  tls_us int,
  first_byte_us int,
  shard smallint NOT NULL,
  attempt smallint NOT NULL,             -- counts from 1
  status smallint,
  outcome smallint NOT NULL,             -- 0 succeeded, 1 failed, 2 debounced, 3 discarded
  error_class smallint,
  trigger smallint NOT NULL,             -- 0 event, 1 retry, 2 replay, 3 test
  is_final boolean NOT NULL,
  event_type text NOT NULL,
  error_detail text,                     -- words of ours
  remote_address text,
  request bytea,                         -- StoredPayload of RecordedRequest's framing
  response bytea                         -- StoredPayload of RecordedResponse's framing
) PARTITION BY RANGE (id);
ALTER TABLE martlet.invocations ALTER request SET STORAGE EXTERNAL, ALTER response SET STORAGE EXTERNAL;
CREATE INDEX invocations_id ON martlet.invocations (shard, id);             -- GET /invocations/{id}: the URL has no webhook
ALTER TABLE martlet.invocations ADD PRIMARY KEY (shard, webhook_id, id);
CREATE INDEX invocations_event ON martlet.invocations (shard, event_id) WHERE event_id IS NOT NULL;  -- GET /events/{id}/deliveries
CREATE INDEX invocations_failed ON martlet.invocations (shard, webhook_id, id) WHERE outcome <> 0;

-- The last 50 of quiet webhooks, past retention.
CREATE TABLE martlet.invocations_kept (LIKE martlet.invocations INCLUDING DEFAULTS INCLUDING STORAGE);
CREATE INDEX invocations_kept_id ON martlet.invocations_kept (shard, id);
ALTER TABLE martlet.invocations_kept ADD PRIMARY KEY (shard, webhook_id, id);

-- Counters: plain columns (arrays cost twice). d: duration, l: accepted to first request, by LatencyBuckets; e: error classes.
CREATE TABLE martlet.delivery_stats (
  minute timestamptz NOT NULL,
  duration_ms bigint NOT NULL DEFAULT 0,
  webhook_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  succeeded int NOT NULL DEFAULT 0, failed int NOT NULL DEFAULT 0, debounced int NOT NULL DEFAULT 0, discarded int NOT NULL DEFAULT 0,
  d0 int NOT NULL DEFAULT 0, d1 int NOT NULL DEFAULT 0, d2 int NOT NULL DEFAULT 0, d3 int NOT NULL DEFAULT 0,
  d4 int NOT NULL DEFAULT 0, d5 int NOT NULL DEFAULT 0, d6 int NOT NULL DEFAULT 0, d7 int NOT NULL DEFAULT 0,
  d8 int NOT NULL DEFAULT 0, d9 int NOT NULL DEFAULT 0, d10 int NOT NULL DEFAULT 0, d11 int NOT NULL DEFAULT 0,
  d12 int NOT NULL DEFAULT 0, d13 int NOT NULL DEFAULT 0, d14 int NOT NULL DEFAULT 0, d15 int NOT NULL DEFAULT 0,
  l0 int NOT NULL DEFAULT 0, l1 int NOT NULL DEFAULT 0, l2 int NOT NULL DEFAULT 0, l3 int NOT NULL DEFAULT 0,
  l4 int NOT NULL DEFAULT 0, l5 int NOT NULL DEFAULT 0, l6 int NOT NULL DEFAULT 0, l7 int NOT NULL DEFAULT 0,
  l8 int NOT NULL DEFAULT 0, l9 int NOT NULL DEFAULT 0, l10 int NOT NULL DEFAULT 0, l11 int NOT NULL DEFAULT 0,
  l12 int NOT NULL DEFAULT 0, l13 int NOT NULL DEFAULT 0, l14 int NOT NULL DEFAULT 0, l15 int NOT NULL DEFAULT 0,
  e0 int NOT NULL DEFAULT 0, e1 int NOT NULL DEFAULT 0, e2 int NOT NULL DEFAULT 0, e3 int NOT NULL DEFAULT 0,
  e4 int NOT NULL DEFAULT 0, e5 int NOT NULL DEFAULT 0, e6 int NOT NULL DEFAULT 0, e7 int NOT NULL DEFAULT 0,
  e8 int NOT NULL DEFAULT 0, e9 int NOT NULL DEFAULT 0, e10 int NOT NULL DEFAULT 0, e11 int NOT NULL DEFAULT 0,
  e12 int NOT NULL DEFAULT 0, e13 int NOT NULL DEFAULT 0, e14 int NOT NULL DEFAULT 0, e15 int NOT NULL DEFAULT 0,
  shard smallint NOT NULL
) PARTITION BY RANGE (minute);
CREATE INDEX delivery_stats_minute ON martlet.delivery_stats (minute);      -- the last minutes of all webhooks, for /metrics
ALTER TABLE martlet.delivery_stats ADD PRIMARY KEY (shard, webhook_id, minute);
