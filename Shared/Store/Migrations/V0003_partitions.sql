-- Day partitions. A default partition catches what no day covers (clock far off, job dead for a week): an insert never fails.
CREATE TABLE martlet.events_default         PARTITION OF martlet.events DEFAULT;
CREATE TABLE martlet.event_keys_default     PARTITION OF martlet.event_keys DEFAULT;
CREATE TABLE martlet.invocations_default    PARTITION OF martlet.invocations DEFAULT;
CREATE TABLE martlet.delivery_stats_default PARTITION OF martlet.delivery_stats DEFAULT;

-- Idempotent; called by `martlet migrate`, and by every service at start and hourly. Moves strays out of the default.
CREATE FUNCTION martlet.ensure_partition(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = martlet, pg_temp SET enable_seqscan = on SET lock_timeout = '4s' AS $$
DECLARE
  leaf text := parent || to_char(day, '"_"YYYYMMDD'); col text; lo text; hi text;
  t0 timestamptz := day::timestamp AT TIME ZONE 'UTC'; t1 timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  IF parent NOT IN ('events', 'event_keys', 'invocations', 'delivery_stats') THEN RAISE EXCEPTION 'no such parent: %', parent; END IF;
  IF to_regclass('martlet.' || leaf) IS NOT NULL THEN RETURN false; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('martlet.ensure_partition', 0));
  -- Asked of the table: after the wait to_regclass still answers from this session's cache.
  IF EXISTS (SELECT FROM pg_class WHERE relname = leaf AND relnamespace = 'martlet'::regnamespace) THEN RETURN false; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  CASE parent
    WHEN 'events', 'invocations' THEN col := 'id'; lo := quote_literal(ulid_floor(t0)) || '::uuid'; hi := quote_literal(ulid_floor(t1)) || '::uuid';
    WHEN 'event_keys' THEN col := 'day'; lo := quote_literal(day) || '::date'; hi := quote_literal(day + 1) || '::date';
    ELSE col := 'minute'; lo := quote_literal(t0) || '::timestamptz'; hi := quote_literal(t1) || '::timestamptz';
  END CASE;
  -- LIKE + CHECK + ATTACH takes SHARE UPDATE EXCLUSIVE on the parent; CREATE … PARTITION OF would take ACCESS EXCLUSIVE.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE, CONSTRAINT bounds CHECK (%I >= %s AND %I < %s)) WITH (autovacuum_vacuum_insert_scale_factor = 0.05%s)',
                 leaf, parent, col, lo, col, hi, CASE WHEN parent = 'delivery_stats' THEN ', fillfactor = 50' ELSE '' END);
  EXECUTE format('WITH stray AS (DELETE FROM %I WHERE %I >= %s AND %I < %s RETURNING *) INSERT INTO %I SELECT * FROM stray',
                 parent || '_default', col, lo, col, hi, leaf);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, leaf, lo, hi);
  EXECUTE format('ALTER TABLE %I DROP CONSTRAINT bounds', leaf);
  RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION martlet.ensure_partition FROM PUBLIC;
