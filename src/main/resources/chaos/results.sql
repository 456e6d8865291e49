-- All that a study gave, one line a network and a number, in an order of its own: equal work gives equal lines.
SELECT format('network|%s|%s|%s|%s|%s|%s|%s|%s|%s',
              arm, scheme, stage, group_size, group_id, matching, variant, seed, sha256)
  FROM results.networks
 WHERE study_id = '%STUDY%'
UNION ALL
SELECT format('metric|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s',
              arm, scheme, stage, group_size, group_id, matching, variant, seed, metric, space, at, split, images,
              value, status)
  FROM results.metrics
 WHERE study_id = '%STUDY%'
   AND metric <> 'seconds'
UNION ALL
SELECT format('outcomes|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s',
              arm, scheme, stage, group_size, group_id, matching, variant, seed, metric, space, at, split,
              md5(coalesce(CAST(correct AS text), '') || coalesce(CAST(distances AS text), '')))
  FROM results.outcomes
 WHERE study_id = '%STUDY%'
 ORDER BY 1
