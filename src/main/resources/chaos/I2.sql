-- Exactly one accepted result a task, and the newest token's; whoever lost a task has no result of it.
WITH accepted AS (
    SELECT task_id, count(*) AS results, max(token) AS token
      FROM ledger.attempt
     WHERE outcome = 'succeeded'
     GROUP BY task_id)
SELECT format('task %s has %s accepted results', task_id, results)
  FROM accepted
 WHERE results > 1
UNION ALL
SELECT format('task %s succeeded and has no accepted result', t.id)
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
  LEFT JOIN accepted a ON a.task_id = t.id
 WHERE t.outcome = 'SUCCEEDED'
   AND t.reused_from IS NULL
   AND s.bundle IS NULL
   AND a.task_id IS NULL
UNION ALL
SELECT format('task %s is %s though a result of it was accepted', t.id, coalesce(t.outcome, 'open'))
  FROM accepted a
  JOIN ledger.task t ON t.id = a.task_id
 WHERE t.outcome IS DISTINCT FROM 'SUCCEEDED'
UNION ALL
SELECT format('task %s took a result under token %s, a newer one was %s', a.task_id, a.token, n.newest)
  FROM accepted a
  JOIN (SELECT task_id, max(token) AS newest FROM ledger.attempt GROUP BY task_id) n ON n.task_id = a.task_id
 WHERE n.newest > a.token
UNION ALL
SELECT format('a result under token %s was refused and accepted', r.token)
  FROM ledger.audit r
  JOIN ledger.attempt a ON a.token = r.token
 WHERE r.action = 'result-refused'
   AND a.outcome = 'succeeded'
   AND r.at < a.ended_at
