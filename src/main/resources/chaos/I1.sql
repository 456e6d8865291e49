-- Every accepted task is in the queue or at its end, never both, never neither; and an end does not change.
SELECT format('task %s is %s', t.id,
              CASE WHEN t.outcome IS NULL THEN 'in no queue and at no end'
                   ELSE 'at its end (' || t.outcome || ') and in the queue' END)
  FROM ledger.task t
  JOIN ledger.study s ON s.id = t.study_id
 WHERE s.bundle IS NULL
   AND (t.outcome IS NULL) <> EXISTS (SELECT FROM ledger.task_queue q WHERE q.task_id = t.id)
UNION ALL
SELECT format('task %s was %s and became %s', task_id, before, coalesce(after, 'open'))
  FROM chaos.changed_end
