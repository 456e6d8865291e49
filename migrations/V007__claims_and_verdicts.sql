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
    -- Version of the rules by which verdicts are reached: that of the kind judge.
    rules    integer NOT NULL DEFAULT 1,
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
CREATE TRIGGER study_claim_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.study_claim
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

-- For queries of claims: from a number to the tasks that have it. Without it, joins of views go through all tasks for every
-- number wherever few numbers are expected.
CREATE INDEX task_by_result ON ledger.task ((coalesce(reused_from, id)));

CREATE VIEW results.claims AS
SELECT c.id,
       c.definition #>> '{paper,id}' AS paper,
       c.definition #>> '{paper,version}' AS version,
       c.definition #>> '{paper,title}' AS title,
       c.definition ->> 'source' AS source,
       c.definition ->> 'place' AS place,
       c.definition ->> 'wording' AS wording,
       c.definition ->> 'estimand' AS estimand,
       c.definition ->> 'unit' AS unit,
       p.type,
       p.margins,
       (c.definition ->> 'minimum')::integer AS minimum,
       c.definition ->> 'reported' AS reported,
       p.rule,
       c.definition -> 'confounds' AS confounds,
       c.definition -> 'controls' AS controls,
       c.definition ->> 'awaits' AS awaits,
       c.digest,
       c.definition
  FROM ledger.current_claim k
  JOIN ledger.claim c ON (c.id, c.digest) = (k.id, k.digest)
  LEFT JOIN LATERAL (
       SELECT string_agg(DISTINCT part ->> 'type', ', ') AS type,
              jsonb_object_agg(part ->> 'name', part -> 'margin') AS margins,
              string_agg(
                  concat_ws(' ', (part ->> 'name') || ':', part ->> 'type', nullif(part ->> 'sign', 'none'),
                            'margin', part ->> 'margin', '(' || (part ->> 'scale') || ')'),
                  '; ' ORDER BY place) || '; together: ' || (c.definition #>> '{decision,together}') AS rule
         FROM jsonb_array_elements(c.definition #> '{decision,parts}') WITH ORDINALITY AS d (part, place)) p ON true;
COMMENT ON VIEW results.claims IS 'One row a claim that the program knows, with the rule by which it is decided.';

CREATE VIEW results.verdicts AS
SELECT k.study_id,
       s.name AS study,
       k.version,
       k.claim,
       c.definition #>> '{paper,id}' AS paper,
       coalesce(v.outcome, 'provisional') AS outcome,
       v.assumption,
       coalesce(v.exploratory, k.exploratory) AS exploratory,
       v.conclusion ->> 'reason' AS reason,
       p.part ->> 'name' AS part,
       (p.part ->> 'estimate')::double precision AS estimate,
       (p.part ->> 'low')::double precision AS low,
       (p.part ->> 'high')::double precision AS high,
       (p.part ->> 'imageLow')::double precision AS image_low,
       (p.part ->> 'imageHigh')::double precision AS image_high,
       (p.part ->> 'n')::integer AS n,
       k.planned,
       (SELECT coalesce(sum(e.count::integer), 0)::integer
          FROM jsonb_each_text(p.part -> 'excluded') AS e (reason, count)
         WHERE p.part IS NOT NULL) AS excluded,
       (p.part ->> 'p')::double precision AS p,
       (p.part ->> 'adjusted')::double precision AS p_adjusted,
       (p.part ->> 'againstAdjusted')::double precision AS p_against_adjusted,
       r.agreeing AS specifications_for,
       r.specifications,
       v.issued_at,
       p.part ->> 'sql' AS sql,
       k.digest,
       v.conclusion
  FROM ledger.study_claim k
  JOIN ledger.study s ON s.id = k.study_id
  JOIN ledger.claim c ON (c.id, c.digest) = (k.claim, k.digest)
  LEFT JOIN ledger.verdict v ON (v.study_id, v.version, v.claim) = (k.study_id, k.version, k.claim)
  LEFT JOIN LATERAL jsonb_array_elements(v.conclusion -> 'parts') AS p (part) ON true
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE reading ->> 'side' = 'for')::integer AS agreeing,
              count(*)::integer AS specifications
         FROM jsonb_array_elements(v.conclusion -> 'specifications') AS x (reading)) r ON v.claim IS NOT NULL;
COMMENT ON VIEW results.verdicts IS
    'One row for each number by which a claim of a study is decided, with the verdict; one row without numbers before it is issued.';

-- Bundles: what came without its other tasks.

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

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
