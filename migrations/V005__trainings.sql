-- Long trainings: where one can go on, the networks along it, what it started from, and what computed every attempt.

-- The last point from which the training of an unfinished task can go on. It hangs on the queue row, so that it goes in the
-- transaction in which the task ends, however it ends.
CREATE TABLE ledger.resume_point (
    task_id  uuid        PRIMARY KEY REFERENCES ledger.task_queue ON DELETE CASCADE,
    -- The lease under which it was written.
    token    bigint      NOT NULL,
    step     bigint      NOT NULL,
    bytes    bigint      NOT NULL,
    chunks   integer     NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT resume_point_step_positive CHECK (step >= 1)
) WITH (autovacuum_vacuum_scale_factor = 0.1);

CREATE TABLE ledger.resume_chunk (
    task_id  uuid    NOT NULL REFERENCES ledger.resume_point ON DELETE CASCADE,
    position integer NOT NULL,
    digest   text    NOT NULL,
    content  bytea   NOT NULL,
    PRIMARY KEY (task_id, position),
    CONSTRAINT resume_chunk_at_most_1_mib CHECK (octet_length(content) BETWEEN 1 AND 1048576)
-- Replaced every minute: what is dead is to be found soon, or the disk fills with it.
) WITH (autovacuum_vacuum_scale_factor = 0.1, toast.autovacuum_vacuum_scale_factor = 0.1);
ALTER TABLE ledger.resume_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

-- What computed it: engine, BLAS, kernel, device, threads, code and numeric version. NULL for attempts before this version.
ALTER TABLE ledger.attempt ADD COLUMN environment jsonb;

-- Networks along a training.
CREATE TABLE ledger.snapshot (
    task_id    uuid        NOT NULL REFERENCES ledger.task,
    step       bigint      NOT NULL,
    sha256     text        NOT NULL REFERENCES ledger.checkpoint,
    token      bigint      NOT NULL REFERENCES ledger.attempt (token),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (task_id, step),
    CONSTRAINT snapshot_step_positive CHECK (step >= 1)
);
CREATE INDEX snapshot_by_checkpoint ON ledger.snapshot (sha256);

-- Bytes that somebody brought in stay, whatever studies give up.
ALTER TABLE ledger.checkpoint ADD COLUMN imported_at timestamptz;

-- The stored network whose weights a training started from.
ALTER TABLE ledger.network ADD COLUMN initialised_from text REFERENCES ledger.checkpoint;
CREATE INDEX network_by_start ON ledger.network (initialised_from) WHERE initialised_from IS NOT NULL;
CREATE INDEX task_by_start ON ledger.task ((parameters #>> '{train,training,start}'))
 WHERE parameters #>> '{train,training,start}' IS NOT NULL;

CREATE OR REPLACE VIEW results.tasks AS
SELECT t.id,
       t.study_id,
       s.name AS study,
       t.ordinal,
       t.kind,
       coalesce(t.outcome, q.state) AS state,
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
       t.network_id,
       t.reused_from,
       a.attempts,
       a.started_at,
       t.finished_at,
       extract(epoch FROM a.ended_at - a.started_at)::double precision AS seconds,
       a.environment ->> 'engine' AS engine,
       a.environment ->> 'kernel' AS kernel,
       a.environment ->> 'device' AS device,
       (a.environment ->> 'threads')::integer AS threads,
       a.environment
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  LEFT JOIN ledger.task_queue q ON q.task_id = t.id
  LEFT JOIN LATERAL (
       SELECT number AS attempts, started_at, ended_at, message, environment
         FROM ledger.attempt
        WHERE task_id = t.id
        ORDER BY number DESC
        LIMIT 1) a ON true;
COMMENT ON VIEW results.tasks IS
    'One row a task, with its newest attempt: seconds is what that took, environment what computed it.';

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
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.network n ON n.id = t.network_id
  JOIN ledger.checkpoint c ON c.sha256 = n.sha256
 WHERE t.kind IN ('train', 'merge');

CREATE VIEW results.snapshots AS
SELECT t.study_id,
       s.name AS study,
       t.arm,
       t.id AS task_id,
       t.network_id,
       t.seed,
       k.step,
       k.sha256,
       c.bytes,
       k.created_at
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.snapshot k ON k.task_id = coalesce(t.reused_from, t.id)
  JOIN ledger.checkpoint c ON c.sha256 = k.sha256;
COMMENT ON VIEW results.snapshots IS
    'Networks along trainings (checkpoints: every), in each study that has the training; network_id is NULL until it is finished.';

-- A start is an ancestor too. Of several networks with its bytes it is the oldest; each was made before what started from
-- it, so that nobody is its own ancestor.
CREATE OR REPLACE VIEW results.lineage AS
WITH RECURSIVE origin AS (
    SELECT network_id, parent_id, false AS by_start
      FROM ledger.network_parent
     UNION ALL
    SELECT n.id, first.id, true
      FROM ledger.network n
     CROSS JOIN LATERAL (
           SELECT m.id
             FROM ledger.network m
            WHERE m.sha256 = n.initialised_from
              AND m.created_at < n.created_at
            ORDER BY m.created_at, m.id
            LIMIT 1) first
     WHERE n.initialised_from IS NOT NULL),
ancestry AS (
    SELECT network_id, parent_id AS ancestor_id, 1 AS distance, by_start
      FROM origin
     UNION
    SELECT a.network_id, o.parent_id, a.distance + 1, a.by_start OR o.by_start
      FROM ancestry a
      JOIN origin o ON o.network_id = a.ancestor_id)
SELECT a.network_id,
       a.ancestor_id,
       min(a.distance) AS distance,
       n.origin = 'trained' AND NOT bool_and(a.by_start) AS is_leaf,
       n.sha256 AS ancestor_sha256,
       bool_and(a.by_start) AS by_start
  FROM ancestry a
  JOIN ledger.network n ON n.id = a.ancestor_id
 GROUP BY a.network_id, a.ancestor_id, n.origin, n.sha256;
COMMENT ON VIEW results.lineage IS
    'Every ancestor of every network; is_leaf: the trained networks that a merge is made of; by_start: only through the start of a training.';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
