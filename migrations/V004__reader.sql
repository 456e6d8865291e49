-- The role for people and notebooks: it reads the results and nothing else, never long and never writing.
-- Roles belong to the server and not to one database. Where the owner of this database may not make or change one, the
-- rest works without it; the notices say what a superuser can run.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'basinlab_reader') THEN
        CREATE ROLE basinlab_reader LOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'the role basinlab_reader was not made (%): a superuser can run migrations/V004__reader.sql', SQLERRM;
END
$$;

DO $$
BEGIN
    ALTER ROLE basinlab_reader SET default_transaction_read_only = on;
    ALTER ROLE basinlab_reader SET statement_timeout = '10s';
    ALTER ROLE basinlab_reader SET idle_in_transaction_session_timeout = '60s';
    GRANT basinlab_reader TO CURRENT_USER;
EXCEPTION
    WHEN insufficient_privilege OR undefined_object THEN
        RAISE NOTICE 'the limits of basinlab_reader were not set (%)', SQLERRM;
END
$$;

DO $$
BEGIN
    GRANT USAGE ON SCHEMA results TO basinlab_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA results GRANT SELECT ON TABLES TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
