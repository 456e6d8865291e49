-- Checkpoints that were found damaged, and the verdicts that rest on them.

ALTER TABLE ledger.checkpoint ADD COLUMN damaged_at timestamptz;
-- What was found first, in words.
ALTER TABLE ledger.checkpoint ADD COLUMN damage text;
ALTER TABLE ledger.checkpoint ADD CONSTRAINT checkpoint_damage_has_a_time CHECK ((damage IS NULL) = (damaged_at IS NULL));
CREATE INDEX checkpoint_damaged ON ledger.checkpoint (sha256) WHERE damaged_at IS NOT NULL;

-- Of each study the damaged checkpoints of its networks, which its tasks made or took over; of what those were made of; and of
-- what their trainings started from. A checkpoint may stand there several times.
CREATE VIEW ledger.damaged_evidence AS
SELECT t.study_id, c.sha256
  FROM ledger.checkpoint c
  JOIN ledger.network n ON n.sha256 = c.sha256
  JOIN ledger.task t ON t.network_id = n.id
 WHERE c.damaged_at IS NOT NULL
   AND c.dropped_at IS NULL
 UNION ALL
SELECT t.study_id, c.sha256
  FROM ledger.checkpoint c
  JOIN ledger.network n ON n.sha256 = c.sha256
  JOIN ledger.network_parent p ON p.parent_id = n.id
  JOIN ledger.task t ON t.network_id = p.network_id
 WHERE c.damaged_at IS NOT NULL
   AND c.dropped_at IS NULL
 UNION ALL
SELECT t.study_id, c.sha256
  FROM ledger.checkpoint c
  JOIN ledger.network n ON n.initialised_from = c.sha256
  JOIN ledger.task t ON t.network_id = n.id
 WHERE c.damaged_at IS NOT NULL
   AND c.dropped_at IS NULL;

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
       n.initialised_from,
       CASE WHEN c.damaged_at <= results.as_of() THEN c.damaged_at END AS damaged_at
  FROM ledger.task_as_of t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.network n ON n.id = t.network_id
  JOIN ledger.checkpoint c ON c.sha256 = n.sha256
 WHERE t.kind IN ('train', 'merge', 'control');

CREATE OR REPLACE VIEW results.verdicts AS
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
       v.conclusion,
       EXISTS (SELECT FROM ledger.damaged_evidence d WHERE d.study_id = k.study_id) AS stale
  FROM ledger.study_claim k
  JOIN ledger.study s ON s.id = k.study_id
  JOIN ledger.claim c ON (c.id, c.digest) = (k.claim, k.digest)
  LEFT JOIN ledger.verdict v ON (v.study_id, v.version, v.claim) = (k.study_id, k.version, k.claim)
  LEFT JOIN LATERAL jsonb_array_elements(v.conclusion -> 'parts') AS p (part) ON true
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE reading ->> 'side' = 'for')::integer AS agreeing,
              count(*)::integer AS specifications
         FROM jsonb_array_elements(v.conclusion -> 'specifications') AS x (reading)) r ON v.claim IS NOT NULL;

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
