-- What people query: names and columns here are a contract, the tables behind them are not.
CREATE SCHEMA results;

CREATE VIEW results.studies AS
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
       s.identity
  FROM ledger.study s
  JOIN LATERAL (
       SELECT version, tasks
         FROM ledger.study_version
        WHERE study_id = s.id
        ORDER BY version DESC
        LIMIT 1) v ON true;
COMMENT ON VIEW results.studies IS 'One row a study, with the newest version of its plan.';

CREATE VIEW results.tasks AS
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
       extract(epoch FROM a.ended_at - a.started_at)::double precision AS seconds
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  LEFT JOIN ledger.task_queue q ON q.task_id = t.id
  LEFT JOIN LATERAL (
       SELECT number AS attempts, started_at, ended_at, message
         FROM ledger.attempt
        WHERE task_id = t.id
        ORDER BY number DESC
        LIMIT 1) a ON true;
COMMENT ON VIEW results.tasks IS 'One row a task, with its newest attempt; seconds is what that attempt took.';

CREATE VIEW results.networks AS
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
       n.created_at
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  JOIN ledger.network n ON n.id = t.network_id
  JOIN ledger.checkpoint c ON c.sha256 = n.sha256
 WHERE t.kind IN ('train', 'merge');
COMMENT ON VIEW results.networks IS
    'One row for each network in its place in a study; a network that a second study reuses has a row in each.';

-- Where a number stands in a study: results.metrics and, with the order of the plan, the lists of the program.
CREATE VIEW ledger.placed_metric AS
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
  FROM ledger.task t
  JOIN ledger.metric m ON m.task_id = coalesce(t.reused_from, t.id);
COMMENT ON VIEW ledger.placed_metric IS
    'One row a measured number in the place of its network in a study, with its place in the plan.';

CREATE VIEW results.metrics AS
SELECT p.study_id,
       s.name AS study,
       p.arm,
       p.network_id,
       p.scheme,
       p.stage,
       p.group_size,
       p.group_id,
       p.matching,
       p.variant,
       p.seed,
       p.metric,
       p.space,
       p.at,
       p.split,
       p.images,
       p.value,
       p.status
  FROM ledger.placed_metric p
  JOIN ledger.study s ON s.id = p.study_id;
COMMENT ON VIEW results.metrics IS 'One row a measured number, in the place of its network in the study.';

CREATE VIEW results.lineage AS
WITH RECURSIVE ancestry AS (
    SELECT network_id, parent_id AS ancestor_id, 1 AS distance
      FROM ledger.network_parent
     UNION
    SELECT a.network_id, p.parent_id, a.distance + 1
      FROM ancestry a
      JOIN ledger.network_parent p ON p.network_id = a.ancestor_id)
SELECT a.network_id,
       a.ancestor_id,
       min(a.distance) AS distance,
       n.origin = 'trained' AS is_leaf,
       n.sha256 AS ancestor_sha256
  FROM ancestry a
  JOIN ledger.network n ON n.id = a.ancestor_id
 GROUP BY a.network_id, a.ancestor_id, n.origin, n.sha256;
COMMENT ON VIEW results.lineage IS
    'Every ancestor of every merged network; the rows with is_leaf are the trained networks that it is made of.';

CREATE VIEW results.datasets AS
SELECT digest, name, official, train_images, test_images, recorded_at
  FROM ledger.dataset;
COMMENT ON VIEW results.datasets IS
    'Every data set that a task read, by the digest of its records; official where that digest is known for the name.';

CREATE VIEW results.workers AS
SELECT w.id,
       w.host,
       w.slots,
       w.device,
       w.memory_bytes,
       w.environment,
       w.started_at,
       w.seen_at,
       w.stopped_at,
       count(a.task_id) FILTER (WHERE a.outcome = 'succeeded') AS succeeded
  FROM ledger.worker w
  LEFT JOIN ledger.attempt a ON a.worker_id = w.id
 GROUP BY w.id;
COMMENT ON VIEW results.workers IS
    'Every process that took tasks: what it ran on (environment: code, Java, engine, BLAS kernel, CPU), and how many succeeded.';
