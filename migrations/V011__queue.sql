-- The queue of many studies: who takes what first, which tasks go together, what failed how, and what was there when.

-- One number for all tasks of one claim: their worker runs them one after another.
ALTER TABLE ledger.task_queue ADD COLUMN batch bigint;
-- Losses of a worker that ran nothing else meanwhile, since the task last got further.
ALTER TABLE ledger.task_queue ADD COLUMN lost_alone integer NOT NULL DEFAULT 0;
ALTER TABLE ledger.attempt ADD COLUMN generation integer NOT NULL DEFAULT 1;

UPDATE ledger.task_queue SET ready_at = queued_at WHERE state = 'READY';

-- A study's first task that is ready, and the first of a shape; the studies themselves are few.
DROP INDEX ledger.task_queue_due;
CREATE INDEX task_queue_due ON ledger.task_queue (study_id, priority DESC, ordinal) WHERE state = 'READY';
CREATE INDEX task_queue_of_shape ON ledger.task_queue (study_id, shape, priority DESC, ordinal) WHERE state = 'READY';
DROP INDEX ledger.task_queue_leases;
CREATE INDEX task_queue_leases ON ledger.task_queue (study_id, worker_id, batch) WHERE state = 'LEASED';
CREATE INDEX study_open ON ledger.study (created_at) WHERE state IN ('QUEUED', 'RUNNING', 'PAUSED');

-- How many more tasks may run. Those who ask for a study with a limit wait for each other: each statement in here sees what was
-- committed before it, so that the limit holds however many ask at once.
CREATE FUNCTION ledger.room(study uuid, of_study integer, of_all integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    most integer := 2147483647;
BEGIN
    IF of_study IS NULL AND of_all IS NULL THEN
        RETURN most;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('basinlab claims with limits', 0));
    IF of_study IS NOT NULL THEN
        SELECT of_study - count(*) INTO most
          FROM ledger.task_queue q
         WHERE q.study_id = room.study AND q.state = 'LEASED';
    END IF;
    IF of_all IS NOT NULL THEN
        SELECT least(most, of_all - count(*)) INTO most
          FROM ledger.task_queue q
         WHERE q.state = 'LEASED';
    END IF;
    RETURN most;
END
$$;

-- How far it was when its workers were lost, in [0, 1].
ALTER TABLE ledger.task_queue ADD COLUMN lost_at real;

-- What the queue says of a task, for when it comes back into the queue.
ALTER TABLE ledger.task ADD COLUMN shape text NOT NULL DEFAULT '';
ALTER TABLE ledger.task ADD COLUMN memory_bytes bigint NOT NULL DEFAULT 0;
