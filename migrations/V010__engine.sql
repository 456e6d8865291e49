-- Many studies, many workers, weeks: control from every state, limits, schedules, what attempts say while they run.

ALTER TABLE ledger.task DROP CONSTRAINT task_kind_known;
ALTER TABLE ledger.task ADD CONSTRAINT task_kind_known CHECK (
    kind IN ('train', 'merge', 'control', 'evaluate', 'judge', 'probe'));

-- An explicit retry starts the next generation of what failed; within one generation an end is final.
ALTER TABLE ledger.task ADD COLUMN generation integer NOT NULL DEFAULT 1;

ALTER TABLE ledger.attempt DROP CONSTRAINT attempt_outcome_known;
ALTER TABLE ledger.attempt ADD CONSTRAINT attempt_outcome_known CHECK (
    outcome IN ('succeeded', 'failed', 'lost', 'released', 'cancelled'));
-- Of what kind a failure was.
ALTER TABLE ledger.attempt ADD COLUMN fault text
    CONSTRAINT attempt_fault_known CHECK (fault IN ('transient', 'deterministic', 'time'));

-- How a study is to be run; no part of its identity.
ALTER TABLE ledger.study ADD COLUMN priority integer NOT NULL DEFAULT 0
    CONSTRAINT study_priority_in_range CHECK (priority BETWEEN -100 AND 100);
-- What waiting has added to its priority.
ALTER TABLE ledger.study ADD COLUMN aged integer NOT NULL DEFAULT 0;
-- NULL: as many as there are slots.
ALTER TABLE ledger.study ADD COLUMN max_running integer
    CONSTRAINT study_max_running_positive CHECK (max_running >= 1);
-- study.RunSettings as canonical JSON; NULL for studies before this version, which have the defaults.
ALTER TABLE ledger.study ADD COLUMN settings jsonb;

-- What one claim may take together: tasks of one shape take about as long and need the same.
ALTER TABLE ledger.task_queue ADD COLUMN shape text NOT NULL DEFAULT '';
ALTER TABLE ledger.task_queue ADD COLUMN device text NOT NULL DEFAULT 'any'
    CONSTRAINT task_queue_device_known CHECK (device IN ('any', 'cpu', 'gpu'));
ALTER TABLE ledger.task_queue ADD COLUMN memory_bytes bigint NOT NULL DEFAULT 0;
-- Since when it has been ready, for the limit on waiting; NULL while it is not.
ALTER TABLE ledger.task_queue ADD COLUMN ready_at timestamptz;
-- In [0, 1], and when that last grew, for the limit on silence.
ALTER TABLE ledger.task_queue ADD COLUMN progress real;
ALTER TABLE ledger.task_queue ADD COLUMN progress_at timestamptz;

ALTER TABLE ledger.worker ADD COLUMN state text NOT NULL DEFAULT 'active'
    CONSTRAINT worker_state_known CHECK (state IN ('active', 'draining', 'stopped'));
-- Since when a slot of it has had nothing to do; NULL while all have.
ALTER TABLE ledger.worker ADD COLUMN idle_since timestamptz;
ALTER TABLE ledger.worker ADD COLUMN schema_version integer;
ALTER TABLE ledger.worker ADD COLUMN code_version text;

-- The newest version of each kind's numerics that any worker brought: older ones are refused.
CREATE TABLE ledger.numeric_version (
    kind    text        PRIMARY KEY,
    version integer     NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What an attempt says while it runs; bounded by whoever writes.
CREATE TABLE ledger.attempt_log (
    token   bigint      NOT NULL REFERENCES ledger.attempt (token),
    line    integer     NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    level   text        NOT NULL,
    message text        NOT NULL,
    PRIMARY KEY (token, line),
    CONSTRAINT attempt_log_level_known CHECK (level IN ('info', 'warn', 'error'))
);

-- Tasks that were run again, which had this name so far.
ALTER TABLE ledger.audit RENAME TO replay;
ALTER INDEX ledger.audit_by_task RENAME TO replay_by_task;

-- Who or what steered: pauses, cancellations, retries, extensions, refused results, firings, deletions by retention.
CREATE TABLE ledger.audit (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- cli, api, schedule, engine, …
    actor    text        NOT NULL,
    action   text        NOT NULL,
    study_id uuid        REFERENCES ledger.study,
    task_id  uuid        REFERENCES ledger.task,
    token    bigint,
    detail   jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_study ON ledger.audit (study_id, at);
CREATE INDEX audit_by_action ON ledger.audit (action, at);

-- Studies that a clock starts.
CREATE TABLE ledger.schedule (
    id            uuid        PRIMARY KEY,
    name          text        NOT NULL,
    cron          text        NOT NULL,
    misfire       text        NOT NULL,
    time_zone     text        NOT NULL,
    specification text        NOT NULL,
    enabled       boolean     NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at    timestamptz,
    CONSTRAINT schedule_misfire_known CHECK (misfire IN ('fire-once', 'skip'))
);
CREATE UNIQUE INDEX schedule_once_by_name ON ledger.schedule (name) WHERE removed_at IS NULL;

-- Each firing once, whichever server it is.
CREATE TABLE ledger.schedule_firing (
    schedule_id uuid        NOT NULL REFERENCES ledger.schedule,
    fire_time   timestamptz NOT NULL,
    fired_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    study_id    uuid        REFERENCES ledger.study,
    -- Why it made no study.
    fault       text,
    PRIMARY KEY (schedule_id, fire_time)
);

-- What a suite of faults found.
CREATE TABLE ledger.chaos_report (
    id         uuid        PRIMARY KEY,
    seed       bigint      NOT NULL,
    scenario   text        NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    passed     boolean     NOT NULL,
    report     jsonb       NOT NULL
);
