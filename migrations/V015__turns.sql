-- Of the tasks of one claim one runs and the others wait for their turn; and tasks of a study by their end.

-- When its worker was at it first, as its heartbeat said, under which token: before that no time of the attempt passes.
ALTER TABLE ledger.task_queue ADD COLUMN begun_at timestamptz;
ALTER TABLE ledger.task_queue ADD COLUMN begun_token bigint;

-- Attempts under way when this came have begun as far as is known.
UPDATE ledger.task_queue q
   SET begun_at = a.started_at, begun_token = q.token
  FROM ledger.attempt a
 WHERE a.token = q.token AND q.state = 'LEASED' AND q.progress IS NOT NULL;

CREATE INDEX task_by_end ON ledger.task (study_id, finished_at) WHERE finished_at IS NOT NULL;
