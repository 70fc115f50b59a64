-- Hours and days have all columns of minutes: the queue's depth too, of which the most counts and not the sum.
ALTER TABLE martlet.hourly_stats ADD COLUMN queue_depth int NOT NULL DEFAULT 0;
ALTER TABLE martlet.daily_stats ADD COLUMN queue_depth int NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION martlet.roll_up(since timestamptz, until timestamptz, shards smallint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp AS $$
DECLARE
  t0 timestamptz := date_trunc('day', since, 'UTC');
  names text; sums text; sets text; count bigint;
BEGIN
  -- What comes later than its day goes is counted nowhere: its hour would speak of nothing else.
  IF since < (SELECT minutes_since FROM horizons WHERE one) THEN RETURN 0; END IF;
  SELECT string_agg(attname, ', ' ORDER BY attnum),
         string_agg(format(CASE attname WHEN 'queue_depth' THEN 'max(%I)' ELSE 'sum(%I)' END, attname), ', ' ORDER BY attnum),
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
