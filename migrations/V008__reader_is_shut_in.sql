-- Whoever reads the results as basinlab_reader must not leave that role within one statement: set_config('role', …) would, and back
-- where this program connects as a superuser lie all files of the server. Bundles bring queries of others, which are run as that
-- role (ledger.ClaimReading).
-- Where other roles log in the function is left alone, since they may need it (pg_dump calls it): there a superuser's connection
-- does not run what came with a bundle.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname NOT IN (current_user, 'basinlab_reader')
    ) THEN
        REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'set_config can still be called by all (%)', SQLERRM;
END
$$;
