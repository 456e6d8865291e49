-- What Basinlab remembers: the question (study), the work that answers it (task), who did it (attempt, worker),
-- what came out (network, checkpoint, metric) and from what (task_input, network_parent).
-- Facts and the hot queue are apart: a task row is written twice in its life, a queue row many times and then deleted.
CREATE SCHEMA ledger;

CREATE TABLE ledger.study (
    id              uuid        PRIMARY KEY,
    name            text        NOT NULL,
    paper           text,
    seed            bigint      NOT NULL,
    -- SHA-256 over the canonical specification and the digests of its data: running the same study again finds this one.
    identity        text        NOT NULL,
    specification   text        NOT NULL,
    keep            text        NOT NULL,
    state           text        NOT NULL,
    idempotency_key text,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at      timestamptz,
    finished_at     timestamptz,
    CONSTRAINT study_state_known CHECK (state IN ('QUEUED', 'RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    CONSTRAINT study_keep_known CHECK (keep IN ('all', 'leaves')),
    CONSTRAINT study_identity_is_sha256 CHECK (identity ~ '^[0-9a-f]{64}$'),
    CONSTRAINT study_idempotency_key_once UNIQUE (idempotency_key)
);
CREATE INDEX study_by_identity ON ledger.study (identity, created_at);

CREATE TABLE ledger.study_version (
    study_id   uuid        NOT NULL REFERENCES ledger.study,
    version    integer     NOT NULL,
    canonical  jsonb       NOT NULL,
    tasks      integer     NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (study_id, version),
    CONSTRAINT study_version_positive CHECK (version >= 1)
);

CREATE TABLE ledger.dataset (
    digest       text        PRIMARY KEY,
    name         text        NOT NULL,
    official     boolean     NOT NULL,
    train_images integer     NOT NULL,
    test_images  integer     NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT dataset_digest_is_sha256 CHECK (digest ~ '^[0-9a-f]{64}$')
);

CREATE TABLE ledger.worker (
    id              uuid        PRIMARY KEY,
    host            text        NOT NULL,
    -- Where a process number means something: one start of one machine, one container.
    machine         text        NOT NULL,
    pid             bigint      NOT NULL,
    process_started timestamptz,
    slots           integer     NOT NULL,
    device          text        NOT NULL,
    memory_bytes    bigint      NOT NULL,
    environment     jsonb       NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped_at      timestamptz
);

CREATE TABLE ledger.checkpoint (
    sha256     text        PRIMARY KEY,
    bytes      bigint      NOT NULL,
    chunks     integer     NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When the bytes were given up by the study's `keep`; the digest and the lineage stay.
    dropped_at timestamptz,
    CONSTRAINT checkpoint_is_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);

CREATE TABLE ledger.checkpoint_chunk (
    sha256   text    NOT NULL REFERENCES ledger.checkpoint,
    position integer NOT NULL,
    digest   text    NOT NULL,
    content  bytea   NOT NULL,
    PRIMARY KEY (sha256, position),
    CONSTRAINT checkpoint_chunk_at_most_1_mib CHECK (octet_length(content) BETWEEN 1 AND 1048576)
);
-- Trained weights do not compress; trying costs more than the disk.
ALTER TABLE ledger.checkpoint_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE ledger.task (
    id          uuid             PRIMARY KEY,
    study_id    uuid             NOT NULL REFERENCES ledger.study,
    version     integer          NOT NULL,
    ordinal     integer          NOT NULL,
    kind        text             NOT NULL,
    parameters  jsonb            NOT NULL,
    data_digest text             REFERENCES ledger.dataset,
    arm         text             NOT NULL,
    scheme      text             NOT NULL,
    stage       integer,
    group_size  integer          NOT NULL,
    group_id    integer          NOT NULL,
    matching    text             NOT NULL,
    variant     text             NOT NULL,
    seed        bigint,
    flops       double precision NOT NULL,
    key         text,
    -- NULL while the task is in the queue.
    outcome     text,
    reason      text,
    -- What it made, or what it measured.
    network_id  uuid,
    reused_from uuid             REFERENCES ledger.task,
    finished_at timestamptz,
    CONSTRAINT task_once_in_plan UNIQUE (study_id, version, ordinal),
    CONSTRAINT task_kind_known CHECK (kind IN ('train', 'merge', 'evaluate')),
    CONSTRAINT task_outcome_known CHECK (outcome IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'BLOCKED')),
    CONSTRAINT task_outcome_has_a_time CHECK ((outcome IS NULL) = (finished_at IS NULL)),
    CONSTRAINT task_version_known FOREIGN KEY (study_id, version) REFERENCES ledger.study_version
);
CREATE INDEX task_by_key ON ledger.task (key) WHERE outcome = 'SUCCEEDED' AND reused_from IS NULL;
CREATE INDEX task_by_open_key ON ledger.task (key) WHERE outcome IS NULL;

CREATE TABLE ledger.task_input (
    task_id       uuid    NOT NULL REFERENCES ledger.task,
    position      integer NOT NULL,
    input_task_id uuid    NOT NULL REFERENCES ledger.task,
    PRIMARY KEY (task_id, position)
);
CREATE INDEX task_input_by_input ON ledger.task_input (input_task_id);

-- Tokens grow over all tasks, so that the newest of a task is always the largest.
CREATE SEQUENCE ledger.lease_token;

CREATE TABLE ledger.task_queue (
    task_id     uuid        PRIMARY KEY REFERENCES ledger.task,
    study_id    uuid        NOT NULL REFERENCES ledger.study,
    state       text        NOT NULL,
    -- Distinct input tasks that have not succeeded yet.
    missing     integer     NOT NULL,
    priority    integer     NOT NULL DEFAULT 0,
    queued_at   timestamptz NOT NULL,
    ordinal     integer     NOT NULL,
    run_at      timestamptz NOT NULL,
    token       bigint,
    worker_id   uuid        REFERENCES ledger.worker,
    lease_until timestamptz,
    failures    integer     NOT NULL DEFAULT 0,
    losses      integer     NOT NULL DEFAULT 0,
    CONSTRAINT task_queue_state_known CHECK (state IN ('WAITING', 'READY', 'LEASED')),
    CONSTRAINT task_queue_waits_for_inputs CHECK ((state = 'WAITING') = (missing > 0)),
    CONSTRAINT task_queue_lease_is_whole CHECK (
        (state = 'LEASED') = (lease_until IS NOT NULL) AND (state = 'LEASED') = (worker_id IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX task_queue_due ON ledger.task_queue (priority DESC, queued_at, ordinal) WHERE state = 'READY';
CREATE INDEX task_queue_leases ON ledger.task_queue (lease_until) WHERE state = 'LEASED';
CREATE INDEX task_queue_by_study ON ledger.task_queue (study_id);

CREATE TABLE ledger.attempt (
    task_id     uuid        NOT NULL REFERENCES ledger.task,
    number      integer     NOT NULL,
    token       bigint      NOT NULL,
    worker_id   uuid        NOT NULL REFERENCES ledger.worker,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    outcome     text,
    message     text,
    PRIMARY KEY (task_id, number),
    CONSTRAINT attempt_token_once UNIQUE (token),
    CONSTRAINT attempt_outcome_known CHECK (outcome IN ('succeeded', 'failed', 'lost', 'released')),
    CONSTRAINT attempt_outcome_has_a_time CHECK ((outcome IS NULL) = (ended_at IS NULL))
);

CREATE TABLE ledger.network (
    id           uuid        PRIMARY KEY,
    task_id      uuid        NOT NULL UNIQUE REFERENCES ledger.task,
    origin       text        NOT NULL,
    architecture jsonb       NOT NULL,
    label        text        NOT NULL,
    parameters   bigint      NOT NULL,
    sha256       text        NOT NULL REFERENCES ledger.checkpoint,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT network_origin_known CHECK (origin IN ('trained', 'merged'))
);
CREATE INDEX network_by_checkpoint ON ledger.network (sha256);
ALTER TABLE ledger.task ADD CONSTRAINT task_network_known FOREIGN KEY (network_id) REFERENCES ledger.network;
CREATE INDEX task_by_network ON ledger.task (network_id) WHERE network_id IS NOT NULL;

CREATE TABLE ledger.network_parent (
    network_id  uuid             NOT NULL REFERENCES ledger.network,
    position    integer          NOT NULL,
    parent_id   uuid             NOT NULL REFERENCES ledger.network,
    share       double precision NOT NULL,
    -- By permutation name; element i is the unit of the parent put in place i. NULL where nothing was permuted.
    permutation jsonb,
    PRIMARY KEY (network_id, position),
    CONSTRAINT network_parent_share_is_fraction CHECK (share BETWEEN 0 AND 1)
);
CREATE INDEX network_parent_by_parent ON ledger.network_parent (parent_id);

-- Numbers are drawn fifty at a time by one program.
CREATE SEQUENCE ledger.metric_id INCREMENT BY 50;

CREATE TABLE ledger.metric (
    id         bigint           PRIMARY KEY,
    task_id    uuid             NOT NULL REFERENCES ledger.task,
    network_id uuid             NOT NULL REFERENCES ledger.network,
    metric     text             NOT NULL,
    variant    text             NOT NULL,
    space      text,
    at         numeric(12, 6),
    split      text,
    images     integer,
    value      double precision NOT NULL,
    status     text             NOT NULL,
    CONSTRAINT metric_status_known CHECK (status IN ('ok', 'nan', 'check-failed')),
    CONSTRAINT metric_status_fits CHECK (
        (status = 'nan') = (value IN ('NaN', 'Infinity', '-Infinity'))),
    CONSTRAINT metric_once UNIQUE NULLS NOT DISTINCT (task_id, metric, variant, space, split, at)
);
CREATE INDEX metric_by_network ON ledger.metric (network_id);
