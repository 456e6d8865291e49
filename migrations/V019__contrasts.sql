-- What merging costs, group by group: the numbers that `basinlab study ID --effects` compares between the arms of a study. The
-- networks of a contrast are of one arm and one group of leaves, so that it is paired already.
CREATE VIEW results.contrasts AS
SELECT m.study_id,
       m.study,
       m.arm,
       'merge-minus-leaves' AS contrast,
       m.scheme,
       m.variant,
       NULL::text AS against,
       m.group_size,
       m.group_id,
       CASE WHEN m.status = 'ok' AND bool_and(l.status = 'ok') AND count(*) = m.group_size
            THEN m.value - avg(l.value ORDER BY l.group_id)
        END AS value,
       CASE WHEN m.status <> 'ok' THEN m.status
            WHEN NOT bool_and(l.status = 'ok') THEN min(l.status) FILTER (WHERE l.status <> 'ok')
            WHEN count(*) <> m.group_size THEN 'incomplete'
            ELSE 'ok'
        END AS status
  FROM results.metrics m
  JOIN results.metrics l
    ON l.study_id = m.study_id
   AND l.arm = m.arm
   AND l.scheme = 'trained'
   AND l.metric = 'accuracy'
   AND l.split = 'test'
   AND l.group_id / m.group_size = m.group_id
 WHERE m.scheme IN ('hierarchical', 'merge-many', 'reference', 'naive', 'sequential', 'c2m3', 'greedy-soup')
   AND m.metric = 'accuracy'
   AND m.split = 'test'
 GROUP BY m.study_id, m.study, m.arm, m.scheme, m.variant, m.group_size, m.group_id, m.value, m.status
 UNION ALL
SELECT h.study_id,
       h.study,
       h.arm,
       'hierarchical-minus-merge-many',
       h.scheme,
       h.variant,
       k.variant,
       h.group_size,
       h.group_id,
       CASE WHEN h.status = 'ok' AND k.status = 'ok' THEN h.value - k.value END,
       CASE WHEN h.status <> 'ok' THEN h.status ELSE k.status END
  FROM results.metrics h
  JOIN results.metrics k
    ON k.study_id = h.study_id
   AND k.arm = h.arm
   AND k.scheme = 'merge-many'
   AND k.metric = 'accuracy'
   AND k.split = 'test'
   AND k.group_size = h.group_size
   AND k.group_id = h.group_id
 WHERE h.scheme = 'hierarchical'
   AND h.metric = 'accuracy'
   AND h.split = 'test';
COMMENT ON VIEW results.contrasts IS
    'One row a group of leaves and comparison of test accuracies within it: a merge minus the mean of its leaves, and the hierarchical merge minus MergeMany of the same leaves (variant against).';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA results TO basinlab_reader;
EXCEPTION
    WHEN undefined_object THEN
        RAISE NOTICE 'nothing was granted to basinlab_reader, which does not exist';
END
$$;
