-- What was claimed, by which rule it is decided, what came out; and studies that came from elsewhere.

ALTER TABLE ledger.task DROP CONSTRAINT task_kind_known;
ALTER TABLE ledger.task ADD CONSTRAINT task_kind_known CHECK (kind IN ('train', 'merge', 'control', 'evaluate', 'judge'));

-- Every wording of every claim that a study was ever submitted with, or that the program knows; never changed.
CREATE TABLE ledger.claim (
    id            text        NOT NULL,
    digest        text        NOT NULL,
    definition    jsonb       NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, digest)
);

-- The wordings of the newest program that opened the store.
CREATE TABLE ledger.current_claim (
    id      text    PRIMARY KEY,
    digest  text    NOT NULL,
    ordinal integer NOT NULL,
    FOREIGN KEY (id, digest) REFERENCES ledger.claim
);

-- What a study set out to decide, as it stood when the study was submitted.
CREATE TABLE ledger.study_claim (
    study_id uuid    NOT NULL REFERENCES ledger.study,
    version  integer NOT NULL,
    claim    text    NOT NULL,
    digest   text    NOT NULL,
    -- Units of the primary specification by the plan.
    planned  integer NOT NULL,
    -- Why what it says is exploratory; NULL where it is not.
    exploratory text,
    PRIMARY KEY (study_id, version, claim),
    FOREIGN KEY (claim, digest) REFERENCES ledger.claim
);

-- Issued once, never changed.
CREATE TABLE ledger.verdict (
    study_id   uuid        NOT NULL,
    version    integer     NOT NULL,
    claim      text        NOT NULL,
    outcome    text        NOT NULL,
    assumption text,
    exploratory text,
    -- workflow.Conclusion, whole.
    conclusion jsonb       NOT NULL,
    task_id    uuid        NOT NULL REFERENCES ledger.task,
    issued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (study_id, version, claim),
    FOREIGN KEY (study_id, version, claim) REFERENCES ledger.study_claim
);

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of %.% are never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER verdict_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.verdict
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER claim_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.claim
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Tasks that were run again to see whether the same bytes come out.
CREATE TABLE ledger.audit (
    id         uuid        PRIMARY KEY,
    task_id    uuid        NOT NULL REFERENCES ledger.task,
    audited_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- SHA-256 of network, measurements and outcomes, as recorded and as they came out now.
    recorded   text        NOT NULL,
    found      text        NOT NULL,
    environment jsonb      NOT NULL
);
CREATE INDEX audit_by_task ON ledger.audit (task_id);

-- A study that came as a bundle: it is read, and nothing of it is run here.
ALTER TABLE ledger.study ADD COLUMN bundle text;
COMMENT ON COLUMN ledger.study.bundle IS 'SHA-256 of the bundle that it was imported from; NULL for studies of this store.';

-- For queries over outcomes of single images.

CREATE FUNCTION results.both_right(bit varying, bit varying) RETURNS bit varying
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN $1 & $2;

CREATE AGGREGATE results.all_right(bit varying) (
    SFUNC = results.both_right, STYPE = bit varying, PARALLEL = SAFE, COMBINEFUNC = results.both_right);
COMMENT ON AGGREGATE results.all_right(bit varying) IS 'The images that are right in all of several outcomes, of equal length.';

-- The median of the distances of those images whose bit is set; NULL where there is none, NaN sorts last.
CREATE FUNCTION results.median_where(distances real[], chosen bit varying) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d::double precision)
          FROM unnest(distances) WITH ORDINALITY AS t (d, i)
         WHERE get_bit(chosen, i::integer - 1) = 1);

-- Bundles. (Appended by the room bundle.)

ALTER TABLE ledger.study ADD COLUMN partial boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ledger.study.partial IS
    'Only those tasks came with a bundle whose results another study of that bundle took over.';
CREATE INDEX study_by_bundle ON ledger.study (bundle) WHERE bundle IS NOT NULL;

CREATE OR REPLACE VIEW results.studies AS
SELECT s.id,
       s.name,
       s.paper,
       s.seed,
       s.state,
       v.version,
       v.tasks,
       s.created_at,
       s.started_at,
       s.finished_at,
       s.identity,
       s.bundle,
       s.partial
  FROM ledger.study s
  JOIN LATERAL (
       SELECT version, tasks
         FROM ledger.study_version
        WHERE study_id = s.id
        ORDER BY version DESC
        LIMIT 1) v ON true;
COMMENT ON VIEW results.studies IS
    'One row a study, with the newest version of its plan; bundle: the SHA-256 of the file that it came in, partial: not all of it.';
