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
-- Of studies before this version no more is known than the kind.
UPDATE ledger.task SET shape = kind WHERE outcome IS NULL OR outcome IN ('FAILED', 'BLOCKED');
UPDATE ledger.task_queue q SET shape = t.shape FROM ledger.task t WHERE t.id = q.task_id;

-- What was there at a moment: where a session sets basinlab.as_of, the views show only what had ended by then.
CREATE FUNCTION results.as_of() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CAST(nullif(current_setting('basinlab.as_of', true), '') AS timestamptz), 'infinity');
COMMENT ON FUNCTION results.as_of() IS
    'The moment that the views show: what the setting basinlab.as_of says in this session, and the present where it says nothing.';

-- The plan as it was then, with the ends of tasks that had ended.
CREATE VIEW ledger.task_as_of AS
SELECT t.*
  FROM ledger.task t
 WHERE t.finished_at <= results.as_of();

CREATE OR REPLACE VIEW results.tasks AS
SELECT t.id,
       t.study_id,
       s.name AS study,
       t.ordinal,
       t.kind,
       CASE WHEN t.finished_at > results.as_of() THEN 'WAITING' ELSE coalesce(t.outcome, q.state) END AS state,
       coalesce(t.reason, a.message) AS reason,
       t.arm,
       t.scheme,
       t.stage,
       t.group_size,
       t.group_id,
       t.matching,
       t.variant,
       t.seed,
       t.parameters,
       t.data_digest,
       t.key,
       CASE WHEN t.finished_at > results.as_of() THEN NULL ELSE t.network_id END AS network_id,
       t.reused_from,
       a.attempts,
       a.started_at,
       t.finished_at,
       extract(epoch FROM a.ended_at - a.started_at)::double precision AS seconds,
       a.environment ->> 'engine' AS engine,
       a.environment ->> 'kernel' AS kernel,
       a.environment ->> 'device' AS device,
       (a.environment ->> 'threads')::integer AS threads,
       a.environment,
       t.version,
       t.generation,
       q.progress
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.study_version v ON (v.study_id, v.version) = (t.study_id, t.version) AND v.created_at <= results.as_of()
  LEFT JOIN ledger.task_queue q ON q.task_id = t.id
  LEFT JOIN LATERAL (
       SELECT number AS attempts, started_at, ended_at, message, environment
         FROM ledger.attempt
        WHERE task_id = t.id
        ORDER BY number DESC
        LIMIT 1) a ON true;

CREATE OR REPLACE VIEW results.networks AS
SELECT n.id,
       t.study_id,
       s.name AS study,
       t.arm,
       t.scheme,
       t.stage,
       t.group_size,
       t.group_id,
       t.matching,
       t.variant,
       t.seed,
       n.origin,
       n.label AS architecture,
       n.parameters,
       n.sha256,
       c.bytes,
       c.dropped_at IS NULL AS stored,
       t.id AS task_id,
       t.reused_from,
       n.created_at,
       n.initialised_from
  FROM ledger.task_as_of t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.network n ON n.id = t.network_id
  JOIN ledger.checkpoint c ON c.sha256 = n.sha256
 WHERE t.kind IN ('train', 'merge', 'control');

CREATE OR REPLACE VIEW ledger.placed_metric AS
SELECT t.study_id,
       t.arm,
       t.network_id,
       t.scheme,
       t.stage,
       t.group_size,
       t.group_id,
       t.matching,
       concat_ws(',', nullif(t.variant, ''), nullif(m.variant, '')) AS variant,
       t.seed,
       m.metric,
       m.space,
       m.at,
       m.split,
       m.images,
       m.value,
       m.status,
       t.version,
       t.ordinal,
       m.id AS metric_id
  FROM ledger.task_as_of t
  JOIN ledger.metric m ON m.task_id = coalesce(t.reused_from, t.id);

CREATE OR REPLACE VIEW results.outcomes AS
SELECT t.study_id,
       s.name AS study,
       t.arm,
       t.network_id,
       t.scheme,
       t.stage,
       t.group_size,
       t.group_id,
       t.matching,
       concat_ws(',', nullif(t.variant, ''), nullif(o.variant, '')) AS variant,
       t.seed,
       o.metric,
       o.space,
       o.at,
       o.split,
       o.images,
       o.correct,
       o.distances
  FROM ledger.task_as_of t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.outcome o ON o.task_id = coalesce(t.reused_from, t.id);

CREATE OR REPLACE VIEW results.checks AS
SELECT t.study_id,
       s.name AS study,
       t.arm,
       t.network_id,
       t.scheme,
       t.stage,
       t.group_size,
       t.group_id,
       t.matching,
       t.variant,
       t.seed,
       c.metric,
       c.space,
       c.check_name,
       c.measured,
       c.bound,
       c.passed
  FROM ledger.task_as_of t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.sanity_check c ON c.task_id = coalesce(t.reused_from, t.id);

CREATE VIEW results.attempts AS
SELECT a.task_id,
       t.study_id,
       a.number,
       a.generation,
       a.token,
       a.worker_id,
       w.host,
       a.started_at,
       a.ended_at,
       extract(epoch FROM a.ended_at - a.started_at)::double precision AS seconds,
       coalesce(a.outcome, 'running') AS outcome,
       a.fault,
       a.message,
       a.environment
  FROM ledger.attempt a
  JOIN ledger.task t ON t.id = a.task_id
  JOIN ledger.worker w ON w.id = a.worker_id;
COMMENT ON VIEW results.attempts IS
    'One row a try at a task; outcome: running, succeeded, failed, lost, released or cancelled; fault: transient, deterministic or time.';

CREATE VIEW results.audit AS
SELECT a.id, a.at, a.actor, a.action, a.study_id, s.name AS study, a.task_id, a.token, a.detail
  FROM ledger.audit a
  LEFT JOIN ledger.study s ON s.id = a.study_id;
COMMENT ON VIEW results.audit IS
    'One row an act: who or what paused, cancelled, retried or extended a study, refused a result, parked a task, deleted what was old.';

CREATE VIEW results.queue AS
SELECT q.task_id,
       q.study_id,
       s.name AS study,
       s.state AS study_state,
       t.kind,
       q.state,
       s.priority,
       s.aged,
       q.shape,
       q.device,
       q.memory_bytes,
       q.missing,
       q.ready_at,
       q.run_at,
       q.worker_id,
       q.token,
       q.batch,
       q.lease_until,
       q.progress,
       q.failures,
       q.losses
  FROM ledger.task_queue q
  JOIN ledger.task t ON t.id = q.task_id
  JOIN ledger.study s ON s.id = q.study_id;
COMMENT ON VIEW results.queue IS 'One row a task that has not ended: WAITING for inputs, READY for a worker, or LEASED to one.';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
