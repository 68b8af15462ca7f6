-- For a volume that an older compose.yml made, where the role `shoptrack` is PostgreSQL's superuser: makes it
-- an ordinary role that owns ShopTrack's database, as a new volume has it. The password stays the same, and no
-- row is touched. The superuser is called `postgres` then. docs/deployment.md tells how it is run.
\set ON_ERROR_STOP on
\set QUIET on
SELECT rolname <> 'shoptrack' AS done FROM pg_roles WHERE oid = 10 \gset
\if :done
  \echo 'The superuser is another role already. Nothing was changed.'
  \quit
\endif
SET client_min_messages = warning;
-- No role can rename itself.
DROP ROLE IF EXISTS shoptrack_handover;
CREATE ROLE shoptrack_handover SUPERUSER LOGIN;
\connect - shoptrack_handover
BEGIN;
SELECT rolpassword AS password FROM pg_authid WHERE rolname = 'shoptrack' \gset
ALTER ROLE shoptrack RENAME TO postgres;
ALTER ROLE postgres PASSWORD NULL;
CREATE ROLE shoptrack LOGIN PASSWORD :'password';
ALTER DATABASE shoptrack OWNER TO shoptrack;

-- REASSIGN OWNED refuses, since this superuser owns PostgreSQL's own objects as well.
-- A sequence follows its table, and what an extension brought is left to it.
CREATE FUNCTION pg_temp.is_ours(class regclass, object oid) RETURNS boolean LANGUAGE sql AS $$
  SELECT NOT EXISTS (
    SELECT FROM pg_depend
    WHERE classid = class AND objid = object AND deptype IN ('a', 'i', 'e')
  )
$$;
SELECT format('ALTER TABLE %s OWNER TO shoptrack', oid::regclass) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND pg_temp.is_ours('pg_class', oid) \gexec
SELECT format('ALTER ROUTINE %s OWNER TO shoptrack', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND pg_temp.is_ours('pg_proc', oid) \gexec
SELECT format('ALTER TYPE %s OWNER TO shoptrack', oid::regtype) FROM pg_type
WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e') AND pg_temp.is_ours('pg_type', oid) \gexec
DROP FUNCTION pg_temp.is_ours;
COMMIT;
\connect - postgres
DROP ROLE shoptrack_handover;
\echo 'shoptrack is an ordinary role now, and postgres is the superuser.'
