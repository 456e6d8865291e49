-- The role for people and notebooks: it reads the results and nothing else, never long and never writing.
-- Where the owner of the database may not make roles, the rest works without it; the notice says what to run.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'basinlab_reader') THEN
        CREATE ROLE basinlab_reader LOGIN;
    END IF;
    ALTER ROLE basinlab_reader SET default_transaction_read_only = on;
    ALTER ROLE basinlab_reader SET statement_timeout = '10s';
    ALTER ROLE basinlab_reader SET idle_in_transaction_session_timeout = '60s';
    GRANT USAGE ON SCHEMA results TO basinlab_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA results GRANT SELECT ON TABLES TO basinlab_reader;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'the role basinlab_reader was not made (%): a superuser can run migrations/V004__reader.sql', SQLERRM;
END
$$;
