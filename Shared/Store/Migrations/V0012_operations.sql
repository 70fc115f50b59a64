-- A year without hands: old days go, counters are rolled up, tenants are told of webhooks that fail.

-- From where on the small tables speak: one row. A day's partition goes in the transaction that moves it.
CREATE TABLE martlet.horizons (
  invocations_since uuid NOT NULL DEFAULT martlet.ulid_floor(to_timestamp(0)),   -- below it: invocations_kept alone
  minutes_since timestamptz NOT NULL DEFAULT '-infinity',                        -- before it: hourly_stats, daily_stats
  hours_until timestamptz NOT NULL DEFAULT '-infinity',                          -- hours before it are rolled up
  days_until timestamptz NOT NULL DEFAULT '-infinity',       -- days before it, once more: what came late is in them
  one boolean PRIMARY KEY DEFAULT true CHECK (one)
) WITH (fillfactor = 50);
INSERT INTO martlet.horizons DEFAULT VALUES;

-- Roll-ups of delivery_stats; `minute` is the first one of the hour or the day. Small enough to be deleted by row.
CREATE TABLE martlet.hourly_stats (LIKE martlet.delivery_stats INCLUDING DEFAULTS);
CREATE TABLE martlet.daily_stats (LIKE martlet.delivery_stats INCLUDING DEFAULTS);
CREATE INDEX hourly_stats_minute ON martlet.hourly_stats (minute);
CREATE INDEX daily_stats_minute ON martlet.daily_stats (minute);
ALTER TABLE martlet.hourly_stats ADD PRIMARY KEY (shard, webhook_id, minute);
ALTER TABLE martlet.daily_stats ADD PRIMARY KEY (shard, webhook_id, minute);

-- Counts whole hours of one day anew from their minutes, and the day from its hours: the same however often. Counters
-- and buckets are sums, so nothing is less exact in an hour or a day than in its minutes.
CREATE FUNCTION martlet.roll_up(since timestamptz, until timestamptz, shards smallint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
DECLARE
  t0 timestamptz := date_trunc('day', since, 'UTC');
  names text; sums text; sets text; count bigint;
BEGIN
  -- What comes later than its day goes is counted nowhere: its hour would speak of nothing else.
  IF since < (SELECT minutes_since FROM horizons WHERE one) THEN RETURN 0; END IF;
  SELECT string_agg(attname, ', ' ORDER BY attnum), string_agg(format('sum(%I)', attname), ', ' ORDER BY attnum),
         string_agg(format('%1$I = EXCLUDED.%1$I', attname), ', ' ORDER BY attnum) INTO names, sums, sets
    FROM pg_attribute WHERE attrelid = 'delivery_stats'::regclass AND attnum > 0 AND NOT attisdropped
     AND attname <> ALL (ARRAY['shard', 'webhook_id', 'minute', 'tenant_id']);
  EXECUTE format($q$
    INSERT INTO hourly_stats (shard, webhook_id, minute, tenant_id, %s)
    SELECT shard, webhook_id, date_trunc('hour', minute, 'UTC'), tenant_id, %s FROM delivery_stats
     WHERE shard = ANY ($1) AND minute >= $2 AND minute < $3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
    ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET %s$q$, names, sums, sets) USING shards, since, until;
  EXECUTE format($q$
    INSERT INTO daily_stats (shard, webhook_id, minute, tenant_id, %s)
    SELECT shard, webhook_id, $2, tenant_id, %s FROM hourly_stats
     WHERE shard = ANY ($1) AND minute >= $2 AND minute < $3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
    ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET %s$q$, names, sums, sets)
    USING shards, t0, t0 + interval '24 hours';
  GET DIAGNOSTICS count = ROW_COUNT;
  RETURN count;
END $$;

-- Days that rows of a default partition belong to: ensure_partition moves them to where retention finds them.
CREATE FUNCTION martlet.stray_days(parent text) RETURNS SETOF date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp SET enable_seqscan = on AS $$
BEGIN
  IF parent NOT IN ('events', 'event_keys', 'invocations', 'delivery_stats') THEN RAISE EXCEPTION 'no such parent: %', parent; END IF;
  RETURN QUERY EXECUTE format('SELECT DISTINCT %s FROM %I', CASE parent
    WHEN 'event_keys' THEN 'day' WHEN 'delivery_stats' THEN $q$(minute AT TIME ZONE 'UTC')::date$q$
    ELSE $q$(to_timestamp(ulid_milliseconds(id) / 1000.0) AT TIME ZONE 'UTC')::date$q$ END, parent || '_default');
END $$;

-- Drops a day. It waits for its locks a moment only, since writers wait behind it, and is tried again.
-- DETACH … CONCURRENTLY would not do: it refuses tables with a default partition.
CREATE FUNCTION martlet.drop_partition(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  leaf text := parent || to_char(day, '"_"YYYYMMDD'); t1 timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  IF parent NOT IN ('events', 'event_keys', 'invocations', 'delivery_stats') THEN RAISE EXCEPTION 'no such parent: %', parent; END IF;
  IF day > (now() AT TIME ZONE 'UTC')::date - 2 THEN RAISE EXCEPTION 'too young: %', leaf; END IF;
  IF NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                  WHERE i.inhparent = parent::regclass AND c.relname = leaf) THEN RETURN false; END IF;
  CASE parent
    WHEN 'invocations' THEN UPDATE horizons SET invocations_since = greatest(invocations_since::text, ulid_floor(t1)::text)::uuid;
    WHEN 'delivery_stats' THEN UPDATE horizons SET minutes_since = greatest(minutes_since, t1);
    ELSE NULL;
  END CASE;
  EXECUTE format('DROP TABLE %I', leaf);
  RETURN true;
END $$;

-- What is still packed with the data of an event, and must not be when the event goes.
CREATE INDEX invocations_kept_packed ON martlet.invocations_kept (shard, event_id) WHERE get_byte(request, 0) = 2;

-- Payloads are nobody's business but the tenant's. Whoever lets days go copies history without seeing it, and sees the
-- requests, and the data that they are packed with, of events that are old alone: to write them so that they stand for
-- themselves, and to nothing else.
-- Copies what the span has of the newest `count` invocations of `webhooks` webhooks past one. The last of these.
CREATE FUNCTION martlet.keep_invocations(since timestamptz, until timestamptz, past uuid, webhooks bigint, count bigint)
RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  WITH w AS MATERIALIZED (
    SELECT id, shard, deleted_at FROM webhooks WHERE id > $3 ORDER BY id LIMIT $4),  -- webhooks_pkey
  kept AS (
    INSERT INTO invocations_kept
    SELECT i.* FROM w CROSS JOIN LATERAL (
           SELECT i.* FROM invocations i WHERE i.shard = w.shard AND i.webhook_id = w.id  -- invocations_pkey
            ORDER BY i.id DESC LIMIT $5) i
     WHERE w.deleted_at IS NULL AND i.id < ulid_floor($2)
       AND EXISTS (SELECT FROM invocations o WHERE o.shard = w.shard AND o.webhook_id = w.id
                      AND o.id >= ulid_floor($1) AND o.id < ulid_floor($2))
    ON CONFLICT DO NOTHING)
  SELECT id FROM w ORDER BY id DESC LIMIT 1
$$;

-- Of each table at most `count`, in the order of their events, all of them at least two days old.
CREATE FUNCTION martlet.packed_invocations(of_shard smallint, before timestamptz, count bigint)
RETURNS TABLE (shard smallint, webhook_id uuid, id uuid, request bytea, data bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
  SELECT i.shard, i.webhook_id, i.id, i.request,
         (SELECT e.data FROM events e WHERE e.shard = i.shard AND e.tenant_id = i.tenant_id  -- events_pkey
             AND e.id = coalesce(i.data_event_id, i.event_id))
    FROM ((SELECT * FROM invocations i WHERE i.shard = $1                 -- invocations_event
              AND i.event_id < ulid_floor(least($2, now() - interval '2 days'))
              AND get_byte(i.request, 0) = 2 ORDER BY i.shard, i.event_id LIMIT $3)
           UNION ALL
          (SELECT * FROM invocations_kept i WHERE i.shard = $1            -- invocations_kept_packed
              AND i.event_id < ulid_floor(least($2, now() - interval '2 days'))
              AND get_byte(i.request, 0) = 2 ORDER BY i.shard, i.event_id LIMIT $3)) i
$$;

CREATE INDEX cancelled_deliveries_age ON martlet.cancelled_deliveries (cancelled_at);
CREATE POLICY service ON martlet.cancelled_deliveries TO martlet_metrics USING (true) WITH CHECK (true);

-- Webhooks whose tenants were told that they fail; a row from `webhook-failing` to `webhook-recovered`.
CREATE TABLE martlet.webhook_alerts (
  told_at timestamptz NOT NULL DEFAULT now(),
  webhook_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  shard smallint NOT NULL,
  level smallint NOT NULL,                                     -- 1 failing, 2 about to be disabled
  PRIMARY KEY (shard, webhook_id)
) WITH (fillfactor = 70);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['hourly_stats', 'daily_stats', 'webhook_alerts'] LOOP
    EXECUTE format('ALTER TABLE martlet.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY tenant ON martlet.%I TO martlet_api USING (tenant_id = (SELECT nullif(current_setting('martlet.tenant_id', true), '')::uuid))$p$, t);
    EXECUTE format('CREATE POLICY service ON martlet.%I TO martlet_delivery, martlet_metrics USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

DO $$ DECLARE f text; BEGIN
  FOREACH f IN ARRAY ARRAY['roll_up', 'stray_days', 'drop_partition', 'keep_invocations', 'packed_invocations'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION martlet.%I FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION martlet.%I TO martlet_metrics', f);
  END LOOP;
END $$;
GRANT SELECT ON martlet.horizons, martlet.hourly_stats, martlet.daily_stats TO martlet_api;
GRANT SELECT, UPDATE (hours_until, days_until) ON martlet.horizons TO martlet_metrics;
GRANT SELECT, DELETE ON martlet.hourly_stats, martlet.daily_stats, martlet.cancelled_deliveries TO martlet_metrics;
GRANT SELECT (shard, webhook_id, id), UPDATE (request) ON martlet.invocations, martlet.invocations_kept TO martlet_metrics;
GRANT SELECT (ctid), DELETE ON martlet.invocations_kept TO martlet_metrics;
GRANT SELECT ON martlet.lane_states, martlet.webhook_alerts TO martlet_metrics;
GRANT SELECT, INSERT, UPDATE, DELETE ON martlet.webhook_alerts TO martlet_delivery;

-- Replication lag and old snapshots of others; without the right to give it away those series stay away.
DO $$ BEGIN
  GRANT pg_read_all_stats TO martlet_metrics;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
