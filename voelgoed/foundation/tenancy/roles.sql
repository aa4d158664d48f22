-- The roles that the database needs. None is a superuser, none passes by row level security.
-- Run by a role that may create roles; running it again changes nothing.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES
    ('voelgoed_owner', false), ('voelgoed_door', false), ('voelgoed_app', true),
    ('voelgoed_migrator', true), ('voelgoed_report', true), ('voelgoed_backup', true)
  ) AS roles (name, signs_in) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE',
                     wanted.name, CASE WHEN wanted.signs_in THEN 'LOGIN' ELSE 'NOLOGIN' END);
    END IF;
  END LOOP;
END $$;

GRANT voelgoed_door TO voelgoed_owner;
GRANT voelgoed_owner TO voelgoed_migrator;
GRANT voelgoed_door TO voelgoed_migrator;

ALTER ROLE voelgoed_app SET statement_timeout = '2s';
ALTER ROLE voelgoed_app SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE voelgoed_app SET client_connection_check_interval = '1s';
ALTER ROLE voelgoed_report SET default_transaction_read_only = on;
ALTER ROLE voelgoed_backup SET default_transaction_read_only = on;
