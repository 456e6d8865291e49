-- Sees every change of an end, also one that nobody looks at in time. Lives in the store of a run of faults only.
CREATE SCHEMA chaos;

CREATE TABLE chaos.changed_end (
    task_id uuid        NOT NULL,
    before  text        NOT NULL,
    after   text,
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION chaos.see_changed_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos.changed_end (task_id, before, after)
    VALUES (OLD.id, OLD.outcome, NEW.outcome);
    RETURN NULL;
END $$;

-- A retry that somebody asks for starts another generation; within one, an end is final.
CREATE TRIGGER see_changed_end
    AFTER UPDATE ON ledger.task
    FOR EACH ROW
    WHEN (OLD.outcome IS NOT NULL
          AND NEW.generation = OLD.generation
          AND (NEW.outcome IS DISTINCT FROM OLD.outcome
               OR NEW.finished_at IS DISTINCT FROM OLD.finished_at
               OR NEW.network_id IS DISTINCT FROM OLD.network_id))
    EXECUTE FUNCTION chaos.see_changed_end();
