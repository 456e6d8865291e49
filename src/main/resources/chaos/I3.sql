-- As many tasks, networks and merges as the plan says: a tree over 2^k leaves has 2^k - 1 merges.
SELECT format('study %s, version %s: %s tasks, the plan has %s', v.study_id, v.version, count(t.id), v.tasks)
  FROM ledger.study_version v
  JOIN ledger.study s ON s.id = v.study_id AND s.bundle IS NULL
  LEFT JOIN ledger.task t ON t.study_id = v.study_id AND t.version = v.version
 GROUP BY v.study_id, v.version, v.tasks
HAVING count(t.id) <> v.tasks AND v.version = 1
UNION ALL
SELECT format('task %s (%s) succeeded without a network', t.id, t.kind)
  FROM ledger.task t
 WHERE t.kind IN ('train', 'merge')
   AND t.outcome = 'SUCCEEDED'
   AND t.network_id IS NULL
UNION ALL
SELECT format('study %s, arm %s: %s merges in trees, must be %s', study_id, arm, merges, must)
  FROM (SELECT study_id, arm, matching, variant, count(*) AS merges,
               count(*) FILTER (WHERE stage = top) * ((1 << top) - 1) AS must
          FROM (SELECT t.study_id, t.arm, t.matching, t.variant, t.stage,
                       max(t.stage) OVER (PARTITION BY t.study_id, t.arm, t.matching, t.variant) AS top
                  FROM ledger.task t
                  JOIN ledger.study s ON s.id = t.study_id
                 WHERE t.kind = 'merge'
                   AND t.scheme = 'hierarchical'
                   AND t.version = 1
                   AND t.outcome = 'SUCCEEDED'
                   AND s.state = 'SUCCEEDED'
                   AND s.bundle IS NULL) m
         GROUP BY study_id, arm, matching, variant, top) trees
 WHERE merges <> must
