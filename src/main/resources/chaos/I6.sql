-- One live lease a task, which is its newest token's; no more GPU tasks in a process's hands than it has slots.
SELECT format('task %s has %s attempts without an end', task_id, count(*))
  FROM ledger.attempt
 WHERE outcome IS NULL
 GROUP BY task_id
HAVING count(*) > 1
UNION ALL
SELECT format('task %s is leased under token %s, its newest attempt has %s', q.task_id, q.token, a.newest)
  FROM ledger.task_queue q
  JOIN (SELECT task_id, max(token) AS newest FROM ledger.attempt GROUP BY task_id) a ON a.task_id = q.task_id
 WHERE q.state = 'LEASED'
   AND q.token <> a.newest
UNION ALL
SELECT format('worker %s has %s leases for the GPU and %s slots', w.id, count(*), w.slots)
  FROM ledger.task_queue q
  JOIN ledger.worker w ON w.id = q.worker_id
 WHERE q.state = 'LEASED'
   AND w.device = 'gpu'
   AND q.device = 'gpu'
   AND q.lease_until > clock_timestamp()
 GROUP BY w.id, w.slots
HAVING count(*) > w.slots
