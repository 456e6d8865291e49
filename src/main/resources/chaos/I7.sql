-- Nothing waits without an owner and a deadline: what waits for inputs has open ones (what waits for none was forgotten: a
-- wake-up was lost; judges wait for their study, I7-end has them), what is leased has a living deadline
-- or a sweep that is due, what is ready has its time soon, what was begun and left has an end.
SELECT format('task %s waits for %s inputs, %s are open', q.task_id, q.missing, i.open)
  FROM ledger.task_queue q
  JOIN ledger.task t ON t.id = q.task_id
  JOIN LATERAL (
       SELECT count(DISTINCT n.input_task_id) AS open
         FROM ledger.task_input n
         JOIN ledger.task u ON u.id = n.input_task_id
        WHERE n.task_id = q.task_id
          AND u.outcome IS DISTINCT FROM 'SUCCEEDED') i ON true
 WHERE q.state = 'WAITING'
   AND t.kind <> 'judge'
   AND (q.missing <> i.open OR q.missing = 0)
UNION ALL
SELECT format('task %s is leased until %s, two minutes past', task_id, lease_until)
  FROM ledger.task_queue
 WHERE state = 'LEASED'
   AND lease_until < clock_timestamp() - interval '2 minutes'
   AND pg_postmaster_start_time() < clock_timestamp() - interval '2 minutes'
UNION ALL
SELECT format('task %s is ready and not to be run before %s', task_id, run_at)
  FROM ledger.task_queue
 WHERE state = 'READY'
   AND run_at > clock_timestamp() + interval '1 hour'
UNION ALL
SELECT format('attempt %s of task %s has no end, the task is not leased', a.number, a.task_id)
  FROM ledger.attempt a
 WHERE a.outcome IS NULL
   AND NOT EXISTS (
       SELECT FROM ledger.task_queue q
        WHERE q.task_id = a.task_id AND q.state = 'LEASED' AND q.token = a.token)
UNION ALL
SELECT format('study %s is %s and has tasks in the queue', s.id, s.state)
  FROM ledger.study s
 WHERE s.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')
   AND EXISTS (SELECT FROM ledger.task_queue q WHERE q.study_id = s.id)
