-- What stands behind the numbers: every image of a measurement, the checks of attacks, networks that merges are set
-- against, and the data itself, so that a worker needs nothing but the database.

ALTER TABLE ledger.task DROP CONSTRAINT task_kind_known;
ALTER TABLE ledger.task ADD CONSTRAINT task_kind_known CHECK (kind IN ('train', 'merge', 'control', 'evaluate'));

ALTER TABLE ledger.network DROP CONSTRAINT network_origin_known;
ALTER TABLE ledger.network ADD CONSTRAINT network_origin_known CHECK (origin IN ('trained', 'merged', 'control'));

-- NULL for several networks that were measured as one classifier, and for nothing else.
ALTER TABLE ledger.metric ALTER COLUMN network_id DROP NOT NULL;

-- One row a point of a curve, or a number over images: what it says of every image, in file order.
CREATE TABLE ledger.outcome (
    task_id    uuid           NOT NULL REFERENCES ledger.task,
    -- NULL as in ledger.metric.
    network_id uuid           REFERENCES ledger.network,
    metric     text           NOT NULL,
    variant    text           NOT NULL,
    space      text,
    at         numeric(12, 6),
    split      text           NOT NULL,
    images     integer        NOT NULL,
    -- Bit i, counted from the left and from 0, is image i.
    correct    bit varying,
    -- Element i + 1 is image i; NaN where none was found.
    distances  real[],
    CONSTRAINT outcome_once UNIQUE NULLS NOT DISTINCT (task_id, metric, variant, space, split, at),
    CONSTRAINT outcome_of_images CHECK (images >= 1),
    CONSTRAINT outcome_is_one_of_two CHECK (num_nonnulls(correct, distances) = 1),
    CONSTRAINT outcome_has_every_bit CHECK (length(correct) = images),
    CONSTRAINT outcome_has_every_distance CHECK (cardinality(distances) = images AND array_ndims(distances) = 1)
);
-- Bits of hard images and distances do not compress; where they do, at the ends of a curve, a row is small anyway.
ALTER TABLE ledger.outcome ALTER COLUMN correct SET STORAGE EXTERNAL;
ALTER TABLE ledger.outcome ALTER COLUMN distances SET STORAGE EXTERNAL;

-- What every working attack does. Metrics of a task in which one failed have the status check-failed.
CREATE TABLE ledger.sanity_check (
    task_id    uuid             NOT NULL REFERENCES ledger.task,
    metric     text             NOT NULL,
    space      text,
    check_name text             NOT NULL,
    measured   double precision NOT NULL,
    bound      double precision NOT NULL,
    passed     boolean          NOT NULL,
    CONSTRAINT sanity_check_once UNIQUE NULLS NOT DISTINCT (task_id, metric, space, check_name)
);

-- The records of a data set: those of training, then those of the test. All are there where stored_at is set, none
-- elsewhere: they come in one transaction.
ALTER TABLE ledger.dataset ADD COLUMN train_bytes bigint;
ALTER TABLE ledger.dataset ADD COLUMN test_bytes bigint;
ALTER TABLE ledger.dataset ADD COLUMN chunks integer;
ALTER TABLE ledger.dataset ADD COLUMN stored_at timestamptz;
ALTER TABLE ledger.dataset ADD CONSTRAINT dataset_is_stored_whole CHECK (
    (stored_at IS NULL) = (chunks IS NULL)
    AND (stored_at IS NULL) = (train_bytes IS NULL)
    AND (stored_at IS NULL) = (test_bytes IS NULL));
CREATE INDEX dataset_by_name ON ledger.dataset (name) WHERE stored_at IS NOT NULL;

CREATE TABLE ledger.dataset_chunk (
    dataset  text    NOT NULL REFERENCES ledger.dataset,
    position integer NOT NULL,
    digest   text    NOT NULL,
    content  bytea   NOT NULL,
    PRIMARY KEY (dataset, position),
    CONSTRAINT dataset_chunk_at_most_1_mib CHECK (octet_length(content) BETWEEN 1 AND 1048576)
);
ALTER TABLE ledger.dataset_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

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
 WHERE t.kind IN ('train', 'merge', 'control');

COMMENT ON VIEW results.metrics IS
    'One row a measured number, in the place of its network in the study; network_id is NULL for several networks measured as one.';

CREATE VIEW results.outcomes AS
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
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.outcome o ON o.task_id = coalesce(t.reused_from, t.id);
COMMENT ON VIEW results.outcomes IS
    'One row a number over images, with what it says of each: correct (bit i is image i, leftmost first), or distances.';

CREATE VIEW results.checks AS
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
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.sanity_check c ON c.task_id = coalesce(t.reused_from, t.id);
COMMENT ON VIEW results.checks IS
    'One row a sanity check of an attack on a network; where one failed, the metrics of that attack are check-failed.';

CREATE OR REPLACE VIEW results.datasets AS
SELECT digest,
       name,
       official,
       train_images,
       test_images,
       recorded_at,
       stored_at IS NOT NULL AS stored,
       train_bytes + test_bytes AS bytes
  FROM ledger.dataset;
COMMENT ON VIEW results.datasets IS
    'Every data set that a task read, by the digest of its records; stored: the records themselves are in the store.';

-- A control's parents of share 0 were only looked at: the merge that it is set against, and what it was chosen among. What
-- leads over them leads to no leaf.
CREATE OR REPLACE VIEW results.lineage AS
WITH RECURSIVE origin AS (
    SELECT p.network_id,
           p.parent_id,
           false AS by_start,
           p.share = 0 AND c.origin = 'control' AS by_comparison
      FROM ledger.network_parent p
      JOIN ledger.network c ON c.id = p.network_id
     UNION ALL
    SELECT n.id, first.id, true, false
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
    SELECT network_id, parent_id AS ancestor_id, 1 AS distance, by_start, by_comparison
      FROM origin
     UNION
    SELECT a.network_id,
           o.parent_id,
           a.distance + 1,
           a.by_start OR o.by_start,
           a.by_comparison OR o.by_comparison
      FROM ancestry a
      JOIN origin o ON o.network_id = a.ancestor_id)
SELECT a.network_id,
       a.ancestor_id,
       min(a.distance) AS distance,
       n.origin = 'trained' AND NOT bool_and(a.by_start OR a.by_comparison) AS is_leaf,
       n.sha256 AS ancestor_sha256,
       bool_and(a.by_start) AS by_start,
       bool_and(a.by_comparison) AS by_comparison
  FROM ancestry a
  JOIN ledger.network n ON n.id = a.ancestor_id
 GROUP BY a.network_id, a.ancestor_id, n.origin, n.sha256;
COMMENT ON VIEW results.lineage IS
    'Every ancestor of every network; is_leaf: the trained networks that it is made of; by_start: only through the start of a training; by_comparison: only because a control was set against it.';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
