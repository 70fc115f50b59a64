-- The services' roles, for a database administrator who gives the owner of Martlet's database no right to create roles.
-- Run once a cluster, before `martlet migrate`; it may be run again. Then give each role a password of its own:
--
--   psql -X -v ON_ERROR_STOP=1 -f roles.sql
--   \password martlet_api        (and _ingester, _delivery, _metrics)
--
-- What each may do is granted by the migrations: Shared/Store/Migrations/V0004_roles.sql.
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['martlet_api', 'martlet_ingester', 'martlet_delivery', 'martlet_metrics']) name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE martlet_api LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE martlet_ingester LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE martlet_delivery LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE martlet_metrics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
