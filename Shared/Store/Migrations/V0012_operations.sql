-- A year without hands: old days go, counters are rolled up, tenants are told of webhooks that fail.

-- From where on the small tables speak: one row. A day's partition goes in the transaction that moves it.
CREATE TABLE martlet.horizons (
  invocations_since uuid NOT NULL DEFAULT martlet.ulid_floor(to_timestamp(0)),   -- below it: invocations_kept alone
  minutes_since timestamptz NOT NULL DEFAULT '-infinity',                        -- before it: hourly_stats, daily_stats
  rolled_until timestamptz NOT NULL DEFAULT '-infinity',                         -- whole days before it are rolled up
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

-- Counts the hours and the day of a shard anew from its minutes: the same however often.
CREATE FUNCTION martlet.roll_up(day date, of_shard smallint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
DECLARE
  t0 timestamptz := day::timestamp AT TIME ZONE 'UTC'; t1 timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
  names text; sums text; sets text; count bigint;
BEGIN
  SELECT string_agg(attname, ', ' ORDER BY attnum), string_agg(format('sum(%I)', attname), ', ' ORDER BY attnum),
         string_agg(format('%1$I = EXCLUDED.%1$I', attname), ', ' ORDER BY attnum) INTO names, sums, sets
    FROM pg_attribute WHERE attrelid = 'delivery_stats'::regclass AND attnum > 0 AND NOT attisdropped
     AND attname <> ALL (ARRAY['shard', 'webhook_id', 'minute', 'tenant_id']);
  EXECUTE format($q$
    INSERT INTO hourly_stats (shard, webhook_id, minute, tenant_id, %s)
    SELECT shard, webhook_id, date_trunc('hour', minute, 'UTC'), tenant_id, %s FROM delivery_stats
     WHERE shard = $1 AND minute >= $2 AND minute < $3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
    ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET %s$q$, names, sums, sets) USING of_shard, t0, t1;
  EXECUTE format($q$
    INSERT INTO daily_stats (shard, webhook_id, minute, tenant_id, %s)
    SELECT shard, webhook_id, $2, tenant_id, %s FROM hourly_stats
     WHERE shard = $1 AND minute >= $2 AND minute < $3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
    ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET %s$q$, names, sums, sets) USING of_shard, t0, t1;
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

REVOKE EXECUTE ON FUNCTION martlet.roll_up, martlet.stray_days, martlet.drop_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION martlet.roll_up, martlet.stray_days, martlet.drop_partition TO martlet_metrics;
GRANT SELECT ON martlet.horizons, martlet.hourly_stats, martlet.daily_stats TO martlet_api;
GRANT SELECT, UPDATE (rolled_until) ON martlet.horizons TO martlet_metrics;
GRANT SELECT, DELETE ON martlet.hourly_stats, martlet.daily_stats, martlet.cancelled_deliveries TO martlet_metrics;
GRANT SELECT, UPDATE (request) ON martlet.invocations TO martlet_metrics;
GRANT SELECT, INSERT, DELETE, UPDATE (request) ON martlet.invocations_kept TO martlet_metrics;
GRANT SELECT (shard, tenant_id, id, data) ON martlet.events TO martlet_metrics;
GRANT SELECT ON martlet.lane_states, martlet.webhook_alerts TO martlet_metrics;
GRANT SELECT, INSERT, UPDATE, DELETE ON martlet.webhook_alerts TO martlet_delivery;

-- Replication lag and old snapshots of others; without the right to give it away those series stay away.
DO $$ BEGIN
  GRANT pg_read_all_stats TO martlet_metrics;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
