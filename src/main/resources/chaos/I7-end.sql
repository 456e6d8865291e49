-- When the work is done nothing is left: no queue, no open attempt, no study that goes on.
SELECT format('task %s is still %s', task_id, state)
  FROM ledger.task_queue
UNION ALL
SELECT format('attempt %s of task %s has no end', number, task_id)
  FROM ledger.attempt
 WHERE outcome IS NULL
UNION ALL
SELECT format('study %s is still %s', id, state)
  FROM ledger.study
 WHERE state IN ('QUEUED', 'RUNNING', 'PAUSED')
   AND bundle IS NULL
